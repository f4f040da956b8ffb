"""How fast recordings are made, and how large the files are: `python -m tests.benchmarks.recording_bench`.

The sample is a short dialog at 80×24, the long one a 5,000-token answer at 100×30. Times are CPU seconds;
× real time is what a recording lasts divided by what it took to make.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from nova_tui import Dialog, Session
from nova_tui.performing.scene import make_scene
from nova_tui.performing.timeline import Timeline, compile_timeline
from nova_tui.services.recording import cast, html, pictures, svg, text
from nova_tui.theming import find_theme, theme_folders
from nova_tui.tui.recording.performing import page_colours, record_timelines

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
CODE = """Here is a small function:

```python
def fib(n: int) -> int:
    \"\"\"Return the n-th Fibonacci number.\"\"\"
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
```

It runs in **O(n)** time and constant space.

| n | fib(n) |
|---|--------|
| 10 | 55 |
| 20 | 6765 |

- first point with `code`
- second point, *emphasised*
- 日本語 and emoji 🎉 wide cells
"""
SENTENCE = (
    "Streaming output in a terminal needs care: **layout** must not jump, `code` must stay readable, and the reader "
    "should be able to follow along while the text grows line by line. "
)
BARS = {"sample": 8.0, "5,000 tokens": 3.0}
LARGEST = {".cast": 100, ".svg": 200, ".html": 30, ".gif": 600}
"""Kilobytes of the sample's files at most."""


def section(number: int) -> str:
    """Return a piece of the long answer."""
    items = "\n".join(f"- item {item}: {SENTENCE[:60]}" for item in range(4))
    code = "\n".join(f"def f_{number}_{item}(x):\n    return x * {item} + {number}" for item in range(4))
    return f"## Section {number}\n\n{SENTENCE * 3}\n\n{items}\n\n```python\n{code}\n```\n\n"


def long_answer(tokens: int) -> str:
    """Return an answer of about so many tokens."""
    parts: list[str] = []
    while sum(map(len, parts)) < tokens * 4:
        parts.append(section(len(parts) + 1))
    return "".join(parts)


def timeline_of(*rows: tuple[str, str]) -> Timeline:
    """Return the timeline of a dialog."""
    dialog = Dialog.new()
    for role, words in rows:
        dialog = dialog.add(role, words, timestamp=AT)
    return compile_timeline(make_scene(Session.new("alice").with_dialog(dialog)))


def main() -> None:
    """Print the tables."""
    theme = find_theme("nova-dark", theme_folders(Path("/nonexistent")))
    sample = timeline_of(
        ("user", "Hi! Can you write a Fibonacci function in Python, please?"),
        ("assistant", CODE),
        ("user", "Thanks. What about memory use?"),
        ("assistant", "Only **two** integers are kept: `O(1)`.\n\n> Simple is better than complex.\n"),
    )
    long = timeline_of(("user", "Tell me everything."), ("assistant", long_answer(5000)))
    print(f"{'recording':<14}{'lasts s':>9}{'CPU s':>8}{'× real time':>13}{'bar':>6}")  # noqa: T201
    recordings = {}
    for name, timeline, size in (("sample", sample, (80, 24)), ("5,000 tokens", long, (100, 30))):
        began = time.process_time()
        made = recordings[name] = record_timelines([timeline], size, theme)
        took = time.process_time() - began
        lasts = made.length / 1000
        print(f"{name:<14}{lasts:9.1f}{took:8.2f}{lasts / took:13.1f}{BARS[name]:6.1f}")  # noqa: T201
    print(f"\n{'file':<14}{'kB':>9}{'CPU s':>8}{'bar kB':>13}")  # noqa: T201
    made = recordings["sample"]
    encoders: dict[str, Callable[[], bytes]] = {
        ".cast": lambda: cast.encode(made),
        ".svg": lambda: svg.animated(made),
        ".html": lambda: html.replay([sample], page_colours(theme)),
        ".txt": lambda: text.encode(made),
        ".png": lambda: pictures.png(made),
        ".gif": lambda: pictures.gif(made),
    }
    for kind, encode in encoders.items():
        began = time.process_time()
        data = encode()
        took = time.process_time() - began
        print(f"{kind:<14}{len(data) / 1000:9.1f}{took:8.2f}{LARGEST.get(kind, ''):>13}")  # noqa: T201


if __name__ == "__main__":
    main()
