"""Journey A: find the refund chat from last month among 3,000 sessions, open it at the hit, tag and star it.

Ten keys; a word that is typed counts as one, as does the text of a prompt.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nova_tui import Session, open_store
from tests.e2e.test_main_job import running, shell

MANY = 3000


def library(path: Path) -> None:
    """Write 3,000 small sessions over two years; in one of last month somebody speaks of a refund late in a row."""
    now = datetime.now(UTC)
    sessions = []
    for number in range(MANY):
        at = now - timedelta(hours=5 * number + 1)
        session = Session.new("alice").with_title(f"Talk {number}", at=at)
        dialog = session.dialog.add("user", f"question {number} about soil", timestamp=at)
        text = f"answer {number}: loam and sand"
        if number in (0, 170, 1500):  # today, last month, last year
            text = "\n\n".join([*(f"line {line}" for line in range(60)), f"the Réfund of order {number}", "the end"])
        dialog = dialog.add("assistant", text, timestamp=at)
        sessions.append(Session(session.id, "alice", dialog, at, at, session.app_data))
    with open_store(path, user_id="alice") as store:
        store.save_many(sessions)


def test_the_refund_chat_of_last_month_is_found_opened_tagged_and_starred(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    library(path)
    with running(tmp_path, "--store", str(path), size=(120, 40)) as terminal:
        terminal.wait_for("3,000 sessions")
        keys = 0

        def press(*names: str) -> None:
            nonlocal keys
            keys += len(names)
            terminal.press(*names)

        press("/", "refund updated:>20d updated:<60d")
        terminal.wait_for("1 of 3,000 · 1 hit")
        terminal.wait_for("the Réfund of order 170")
        press("enter", "enter")
        terminal.wait_for("1 of 1 hit")
        terminal.wait_for("the Réfund of order 170")
        press("escape", "t")
        terminal.wait_for("ags")
        press("money", "enter")
        terminal.wait_for("money")
        press("s")
        terminal.wait_for("★")
        assert keys <= 10
        terminal.press("ctrl+q")
        assert terminal.wait_end() == 0
    listed = json.loads(shell(tmp_path, "--store", str(path), "list", "--tag", "money", "--json"))
    assert [(one["title"], one["starred"], one["tags"]) for one in listed] == [("Talk 170", True, ["money"])]
