"""Reading a dialog in the program: folding, copying, links, times, outline."""

from __future__ import annotations

from nova_tui import Session
from tests.tui.nova_app import Stage, stage, titled

LONG_TEXT = "\n".join(f"Line {number}" for number in range(1, 41))


def shown(on: Stage) -> list[str]:
    """Return the lines of the dialog, without bars and times."""
    view = on.main.bench.dialog.view
    return [view.paint_line(y).text[3:].strip() for y in range(view.window.height)]


def tools(title: str = "Tools") -> Session:
    """Return a session of a long row and two tool calls."""
    session = titled(title, ("user", "Hello"), ("assistant", LONG_TEXT))
    for number in (1, 2):
        call = {"function_name": "find", "parameters": {"order": number}, "result": ["a", "b"]}
        session = session.add_message("assistant", "", {"function_calls": [call]})
    return session.add_message("user", "Thank you")


async def test_rows_are_folded_and_unfolded_by_keys() -> None:
    async with stage([tools()], size=(120, 60)) as on:
        await on.press("enter", "j")
        assert "Line 40" in shown(on)
        await on.press("z")
        assert "… 32 more lines" in shown(on)
        await on.press("z")
        assert "Line 40" in shown(on)
        await on.press("Z")
        lines = shown(on)
        assert "… 32 more lines" in lines
        assert any("→ find(order: 1) · result 2 items" in line for line in lines)
        assert "Thank you" in lines
        await on.press("Z")
        assert "Line 40" in shown(on)


async def test_folds_outlive_a_change_and_end_with_the_session() -> None:
    async with stage([tools(), titled("Other", ("user", LONG_TEXT))], size=(120, 60)) as on:
        await on.main.bench.open(on.store.summaries("alice")[-1].id).wait()
        sessions = {summary.title: summary.id for summary in on.store.summaries("alice")}
        await on.main.bench.open(sessions["Tools"]).wait()
        await on.press("j", "Z", "H")
        assert "excluded" in " ".join(shown(on))
        assert "… 32 more lines" in shown(on)
        await on.press("u")
        assert "… 32 more lines" in shown(on)
        await on.main.bench.open(sessions["Other"]).wait()
        await on.settle()
        assert "Line 40" in shown(on)
