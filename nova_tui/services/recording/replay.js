// Moves a replay: what is to be seen at a moment depends on the moment alone, so it can be sought freely.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("timeline").textContent);
  const film = byId("film");
  const typed = byId("typed"), caption = byId("caption"), bar = byId("bar"), clock = byId("clock");
  const toggle = byId("toggle"), chapters = byId("chapters"), log = byId("log");
  const upTo = (times, t) => {
    let low = 0, high = times.length;
    while (low < high) { const middle = (low + high) >> 1; times[middle] <= t ? low = middle + 1 : high = middle; }
    return low;
  };
  const summed = (steps) => { let sum = 0; return steps.map((step) => sum += step); };

  // -- a dialog: texts grow, blocks that are not reached yet are hidden --------------------------------------------
  const rows = data.rows.map((row, index) => {
    const article = byId("row-" + index), body = article.querySelector(".body"), texts = [];
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    let length = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      texts.push({ node, begin: length, whole: node.data });
      length += node.data.length;
    }
    const blocks = [...body.querySelectorAll("p,li,pre,h1,h2,h3,h4,h5,h6,tr,blockquote,table,ul,ol,hr,figure")].map((block) => {
      const first = texts.find((text) => block.contains(text.node) ||
        block.compareDocumentPosition(text.node) & Node.DOCUMENT_POSITION_FOLLOWING);
      return { block, begin: first ? first.begin : length };
    });
    const sizes = summed(row.sizes);
    return { ...row, article, texts, blocks, length, shown: length, times: summed(row.times), sizes,
      total: sizes.length ? sizes[sizes.length - 1] : 0, characters: row.user ? Array.from(row.text) : [] };
  });
  const reveal = (row, count) => {
    if (row.shown === count) return;
    row.shown = count;
    for (const text of row.texts) {
      const part = text.whole.slice(0, Math.max(0, count - text.begin));
      if (text.node.data.length !== part.length) text.node.data = part;
    }
    for (const { block, begin } of row.blocks) block.hidden = count < row.length && begin >= count;
  };
  const perform = (t) => {
    let writing = "";
    for (const row of rows) {
      const done = t >= row.end, pieces = upTo(row.times, t - row.start);
      const size = pieces ? row.sizes[pieces - 1] : 0;
      if (row.user) {
        row.article.hidden = !done;
        if (t >= row.start && !done) writing = row.characters.slice(0, size).join("");
      } else {
        row.article.hidden = t < row.start;
        row.article.classList.toggle("thinking", t >= row.start && !done && !size);
        reveal(row, done || !row.total ? row.length : Math.round(row.length * size / row.total));
      }
    }
    for (const title of document.querySelectorAll("h1[data-at]")) title.hidden = t < Number(title.dataset.at);
    typed.textContent = writing;
    typed.hidden = !writing;
    log.scrollTop = t >= data.end ? log.scrollTop : log.scrollHeight;
  };

  // -- a film: the animations of the drawing are put to the moment -------------------------------------------------
  const project = (t) => {
    for (const animation of film.getAnimations({ subtree: true })) {
      animation.pause();
      animation.currentTime = Math.min(t, data.end - 1);
    }
  };

  let now = data.end, speed = 1, last = 0, playing = false;
  const text = (t) => Math.floor(t / 60000) + ":" + String(Math.floor(t / 1000) % 60).padStart(2, "0");
  const show = () => {
    film ? project(now) : perform(now);
    const at = upTo(data.captions.map((entry) => entry[0]), now);
    caption.textContent = at ? data.captions[at - 1][1] : "";
    caption.hidden = !caption.textContent;
    bar.value = now;
    clock.textContent = text(now) + " / " + text(data.end) + (speed === 1 ? "" : " ×" + speed);
    chapters.selectedIndex = Math.max(0, upTo(data.chapters.map((entry) => entry[0]), now) - 1);
  };
  const stop = () => { playing = false; toggle.textContent = "▶"; toggle.setAttribute("aria-label", "play"); };
  const tick = (time) => {
    if (!playing) return;
    now = Math.min(data.end, now + (time - last) * speed);
    last = time;
    if (now >= data.end) stop(); else requestAnimationFrame(tick);
    show();
  };
  const play = () => {
    if (now >= data.end) now = 0;
    playing = true;
    toggle.textContent = "❚❚";
    toggle.setAttribute("aria-label", "pause");
    last = performance.now();
    requestAnimationFrame(tick);
  };
  const seek = (t) => { now = Math.max(0, Math.min(data.end, t)); show(); };
  const chapter = (step) => {
    const starts = data.chapters.map((entry) => entry[0]);
    const next = step > 0 ? starts.find((start) => start > now) : starts.reverse().find((start) => start < now - 500);
    seek(next === undefined ? (step > 0 ? data.end : 0) : next);
  };
  const faster = (factor) => { speed = Math.min(8, Math.max(0.25, speed * factor)); show(); };

  toggle.addEventListener("click", () => playing ? stop() : play());
  bar.addEventListener("input", () => seek(Number(bar.value)));
  chapters.addEventListener("change", () => seek(data.chapters[chapters.selectedIndex][0]));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === chapters) return;
    const keys = {
      " ": () => playing ? stop() : play(), k: () => playing ? stop() : play(),
      ArrowRight: () => seek(now + 5000), ArrowLeft: () => seek(now - 5000),
      "]": () => chapter(1), "[": () => chapter(-1), "+": () => faster(2), "=": () => faster(1 / speed), "-": () => faster(0.5),
      Home: () => seek(0), End: () => seek(data.end),
    };
    if (keys[event.key]) { keys[event.key](); event.preventDefault(); }
  });
  bar.max = data.end;
  for (const [, label] of data.chapters) chapters.add(new Option(label));
  chapters.hidden = !data.chapters.length;
  document.body.classList.add("moving");
  if (film) film.hidden = false;
  // page.html#t=5.2 begins there, page.html#t=0&play moves at once
  const wish = new URLSearchParams(location.hash.slice(1));
  if (wish.has("t")) now = Math.max(0, Math.min(data.end, Number(wish.get("t")) * 1000 || 0));
  show();
  if (wish.has("play")) play();
})();
