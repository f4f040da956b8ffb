"""The command `record`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nova_tui.domain.native import session_to_mapping
from nova_tui.domain.session import Session
from nova_tui.services.demo_library import demo_sessions
from nova_tui.services.recording.output import KINDS
from tests.cli.conftest import Nova
from tests.services.recording.test_recording import played

CANARY = "canary-4711"
SMALL = ("--size", "60x16")


@pytest.fixture
def session(nova: Nova) -> str:
    """Make a session with a hidden row."""
    made = nova.ok("new", "--title", "Refund flow").strip()
    nova.ok("add", made, "system", CANARY, "--hidden")
    nova.ok("add", made, "user", "Hi there.")
    nova.ok("add", made, "assistant", "**Bold** and `code`, 日本 👩‍👩‍👧.")
    return made


def needs(kind: str) -> None:
    if kind in (".gif", ".png"):
        pytest.importorskip("PIL", reason="pictures need the extra gif")
        pytest.importorskip("fontpkg_jetbrains_mono", reason="pictures need the extra gif")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_made_and_made_again_the_same(nova: Nova, session: str, kind: str) -> None:
    needs(kind)
    file = nova.folder / f"demo{kind}"
    said = nova.run("record", session[:8], "-o", str(file), *SMALL)
    assert said.exit_code == 0, said.output
    assert said.stdout == f"{file}: {file.stat().st_size:,} bytes\n"
    assert "Refund flow: 1 hidden row left out, 0 excluded rows left out." in said.stderr
    before = file.read_bytes()
    assert CANARY.encode() not in before
    nova.ok("record", session[:8], "-o", str(file), *SMALL)
    assert file.read_bytes() == before


@pytest.mark.parametrize("session", demo_sessions("alice"), ids=lambda session: session.title)
def test_every_session_of_the_demo_library_is_recorded(nova: Nova, session: Session) -> None:
    source = nova.folder / "session.json"
    source.write_text(json.dumps(session_to_mapping(session)), encoding="utf-8")
    file = nova.folder / "demo.txt"
    said = nova.run("record", "-i", str(source), "-o", str(file), "--speed", "20", *SMALL)
    assert said.exit_code == 0, said.output
    assert "WARNING" not in said.stderr
    assert session.title[:12] in file.read_text(encoding="utf-8")


def test_a_cast_shows_the_dialog(nova: Nova, session: str) -> None:
    file = nova.folder / "demo.cast"
    nova.ok("record", session, "-o", str(file), *SMALL)
    shown = "\n".join(played(file.read_bytes()).display)
    assert "Hi there." in shown
    assert "Bold and code" in shown
    typed = [data for _, code, data in map(json.loads, file.read_text().splitlines()[1:]) if code == "i"]
    assert "".join(typed) == "Hi there.\r"


def test_a_file_of_sessions_is_recorded_without_a_store(nova: Nova, session: str) -> None:
    files = [nova.folder / name for name in ("store.cast", "file.cast", "pipe.cast")]
    nova.ok("record", session, "-o", str(files[0]), *SMALL)
    export = nova.folder / "export.json"
    nova.ok("export", session, "--format", "nova-json", "--hidden", "include", "-o", str(export))
    elsewhere = {"NOVA_TUI_STORE": str(nova.folder / "none.db"), "NOVA_TUI_USER": "bob"}
    nova.ok("record", "-i", str(export), "-o", str(files[1]), *SMALL, **elsewhere)
    piped = nova.run(
        "record", "-i", "-", "-o", str(files[2]), "--progress", *SMALL, stdin=export.read_bytes(), **elsewhere
    )
    assert piped.exit_code == 0, piped.output
    assert piped.stderr.splitlines()[-1].endswith(" %")
    assert files[0].read_bytes() == files[1].read_bytes() == files[2].read_bytes()
    assert not (nova.folder / "none.db").exists()
    (nova.folder / "chat.json").write_text('{"messages": [{"role": "user", "content": "Good morning"}]}')
    for name in ("one.txt", "two.txt"):
        nova.ok("record", "-i", str(nova.folder / "chat.json"), "-o", str(nova.folder / name), *SMALL)
    assert (nova.folder / "one.txt").read_text() == (nova.folder / "two.txt").read_text()
    wrong = nova.run("record", "-i", str(nova.folder / "one.txt"), "-o", "x.cast")
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (1, 1)
    assert "one.txt" in wrong.stderr


def test_check_tells_a_stale_file(nova: Nova, session: str) -> None:
    file = nova.folder / "demo.cast"
    command = ("record", session, "-o", str(file), *SMALL, "--check")
    missing = nova.run(*command)
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert f"{file}: it is missing; record it again." in missing.stderr
    nova.ok(*command[:-1])
    assert nova.run(*command).exit_code == 0
    row = json.loads(nova.ok("show", session, "--format", "json"))["dialog"]["rows"][1]["id"]
    nova.ok("rows", "edit", session, row, "Hello there.")
    before = file.read_bytes()
    stale = nova.run(*command)
    assert stale.exit_code == 1
    assert f"{file}: it is stale; record it again." in stale.stderr
    assert file.read_bytes() == before


def test_several_sessions_are_a_playlist(nova: Nova, session: str) -> None:
    second = nova.ok("new", "--title", "Second act").strip()
    nova.ok("add", second, "user", "And now?")
    file, page = nova.folder / "list.cast", nova.folder / "list.html"
    nova.ok("record", session, second, "-o", str(file), "-o", str(page), *SMALL)
    marks = [(time_, data) for time_, code, data in map(json.loads, file.read_text().splitlines()[1:]) if code == "m"]
    assert [label for _, label in marks] == ["Refund flow", "Hi there.", "Second act", "And now?"]
    first, then = (round(time_ * 1000) for time_, label in marks if label in ("Refund flow", "Second act"))
    assert "1 of 2" in "\n".join(played(file.read_bytes(), first + 1500).display)
    card = "\n".join(played(file.read_bytes(), then + 1500).display)
    assert "Second act" in card
    assert "2 of 2" in card
    assert "Hi there." not in card
    assert page.read_text().count("<h1 ") == 2


def test_an_unreviewed_secret_is_said_loudly_and_a_masked_one_is_nowhere(nova: Nova) -> None:
    secret = "sk-abcdefghijklmnopqrstuvwx"
    made = nova.ok("new", "--title", "Keys").strip()
    nova.ok("add", made, "user", f"My key is {secret} ok?")
    files = [nova.folder / f"demo{kind}" for kind in (".cast", ".svg", ".html", ".txt")]
    outputs = [word for file in files for word in ("-o", str(file))]
    said = nova.run("record", made, *outputs, *SMALL)
    assert said.exit_code == 0
    assert "WARNING: Keys: 1 thing that nobody reviewed may be secrets (API key)." in said.stderr
    assert secret in files[3].read_text()
    script = nova.folder / "demo.yaml"
    script.write_text(f"mask: ['{secret}']\n")
    masked = nova.run("record", made, *outputs, *SMALL, "--script", str(script))
    assert masked.exit_code == 0
    assert "WARNING" not in masked.stderr
    assert "1 place masked" in masked.stderr
    for file in files:
        assert secret[:10] not in file.read_text(), file
    assert "••••••" in files[3].read_text()


def test_a_script_says_how_and_where_to(nova: Nova, session: str) -> None:
    script = nova.folder / "demo.yaml"
    script.write_text(
        f"session: {session}\nsize: 50x12\ntheme: paper\noutputs: [out.txt, out.cast]\n"
        "rows:\n  '2': {chapter: Ask, caption: Plain words}\n  '3': {chapter: Answer}\n"
    )
    nova.ok("record", "--script", str(script))
    assert "00:00.400 Ask" in (nova.folder / "out.txt").read_text()
    assert "Plain words" in (nova.folder / "out.txt").read_text()
    header = json.loads((nova.folder / "out.cast").read_text().splitlines()[0])
    assert (header["width"], header["height"]) == (50, 12)
    script.write_text("rows:\n  '2': {chaptr: Ask}\n")
    wrong = nova.run("record", session, "--script", str(script), "-o", str(nova.folder / "x.txt"))
    assert wrong.exit_code == 1
    assert "demo.yaml: line 2: chaptr: there is no such key" in wrong.stderr
    assert not (nova.folder / "x.txt").exists()


def test_speed_and_seed_count(nova: Nova, session: str) -> None:
    def length(*more: str) -> float:
        file = nova.folder / "demo.cast"
        nova.ok("record", session, "-o", str(file), *SMALL, *more)
        return float(json.loads(file.read_text().splitlines()[-1])[0])

    usual = length()
    assert length("--speed", "4") == pytest.approx(usual / 4, rel=0.1)
    assert length("--seed", "7") != usual


def test_a_tour_of_the_program(nova: Nova) -> None:
    tour = nova.folder / "tour.yaml"
    tour.write_text(
        "title: A walk\nsize: 90x24\ntheme: paper\nsteps:\n- marker: Find\n- caption: Type to find\n- press: /\n"
        "- type: refund\n- wait: 1\n- marker: Small\n- theme: nova-dark\n- size: 60x24\n- wait: 1\n"
    )
    file, words, page = (nova.folder / f"tour{kind}" for kind in (".cast", ".txt", ".html"))
    nova.ok("record", "--tour", str(tour), "-o", str(file), "-o", str(words), "-o", str(page))
    shown = words.read_text()
    assert "Find" in shown
    assert "refund" in shown
    assert shown.count(" Type to find") == 3
    assert max(map(len, shown.partition(" end\n")[2].splitlines())) <= 60
    assert b"A walk" in page.read_bytes()
    assert nova.run("record", "--tour", str(tour), "-o", str(file), "--check").exit_code == 0
    assert not (nova.folder / "sessions.db").exists(), "no store was opened"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("steps:\n- prss: j\n", "line 2: prss: there is no such step"),
        ("stps: []\n", "line 1: stps: there is no such key"),
        ("steps:\n- wait: 1\n- wait: soon\n", "line 3: wait: it needs seconds"),
        ("steps:\n- theme: nowhere\n", "line 2: theme: there is no theme nowhere"),
        ("size: 5x5\nsteps:\n- wait: 1\n", "line 1: size: it needs COLSxROWS"),
        ("steps:\n- press: [a\n", "not YAML"),
        ("steps:\n- {press: a, wait: 1}\n", "line 2: steps: a step is one of"),
    ],
)
def test_a_wrong_tour_is_told_with_its_line(nova: Nova, text: str, where: str) -> None:
    tour = nova.folder / "tour.yaml"
    tour.write_text(text)
    wrong = nova.run("record", "--tour", str(tour), "-o", str(nova.folder / "x.txt"))
    assert wrong.exit_code == 1
    assert where in wrong.stderr
    assert wrong.stderr.count("\n") == 1
    assert not (nova.folder / "x.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Give the ids of sessions, or --tour FILE."),
        (("abcd", "-o", "x.mp4"), "a recording ends in .cast, .gif, .svg, .html, .txt or .png"),
        (("abcd", "-o", "x.cast", "--size", "wide"), "--size needs COLSxROWS"),
        (("abcd", "-o", "x.cast", "--still"), "--still is for .svg and .png."),
        (("abcd", "-o", "x.svg", "--at", "1"), "--at is for .png, and for .svg with --still."),
        (("abcd", "--tour", "t.yaml", "-o", "x.cast"), "--tour takes neither ids nor --input nor --script."),
        (("abcd", "-i", "x.json", "-o", "x.cast"), "--input takes no ids"),
    ],
)
def test_wrong_usage(nova: Nova, arguments: tuple[str, ...], sentence: str) -> None:
    wrong = nova.run("record", *arguments)
    assert wrong.exit_code == 2
    assert sentence in wrong.stderr


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left(nova: Nova, session: str) -> None:
    place = nova.folder / "gone" / "demo.txt"
    wrong = nova.run("record", session, "-o", str(place), *SMALL)
    assert wrong.exit_code == 1
    assert f"{place}: it cannot be written: No such file or directory" in wrong.stderr
    folder = nova.folder / "folder.txt"
    folder.mkdir()
    assert "it is not a regular file" in nova.run("record", session, "-o", str(folder), *SMALL).stderr


def test_an_interrupt_leaves_no_file(nova: Nova) -> None:
    made = nova.ok("new", "--title", "Long").strip()
    nova.ok("add", made, "assistant", "word " * 7000)
    file = nova.folder / "demo.cast"
    with subprocess.Popen(
        [sys.executable, "-m", "nova_tui", "record", made, "-o", str(file)],
        env={**os.environ, **nova.environment},
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()  # what is left out is said when the recording begins
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""
    assert sorted(path.name for path in nova.folder.iterdir() if "demo" in path.name or ".nova" in path.name) == []


def test_a_stranger_s_text_writes_no_control(nova: Nova) -> None:
    made = nova.ok("new", "--title", "Evil").strip()
    nova.ok("add", made, "assistant", "a\x1b]52;c;x\x07b\x9b31m\u202ec \x1b[2J", stdin=None)
    for kind in (".cast", ".svg", ".txt", ".html"):
        file = nova.folder / f"demo{kind}"
        nova.ok("record", made, "-o", str(file), *SMALL)
        text = file.read_text(encoding="utf-8")
        assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}, kind
    outputs = [
        data
        for _, code, data in map(json.loads, (nova.folder / "demo.cast").read_text().splitlines()[1:])
        if code == "o"
    ]
    assert not any("\x1b]" in data or "\x07" in data or "\x9b" in data for data in outputs)


def test_the_project_s_own_tours_run(nova: Nova) -> None:
    folder = Path(__file__).parents[2] / "nova_tui" / "services" / "demo" / "tours"
    for tour in folder.glob("*.yaml"):
        file = nova.folder / f"{tour.stem}.txt"
        said = nova.run("record", "--tour", str(tour), "-o", str(file))
        assert (said.exit_code, said.stderr) == (0, "")
        assert "nova-tui" in file.read_text()
