"""Every session of the demo library can be performed."""

from __future__ import annotations

import pytest

from nova_tui.domain.session import Session
from nova_tui.performing.performance import Performance
from nova_tui.performing.secrets import unreviewed
from nova_tui.services.demo_library import demo_sessions

SESSIONS = demo_sessions("alice")


@pytest.mark.parametrize("session", SESSIONS, ids=[session.title for session in SESSIONS])
def test_it_is_performed_without_a_word_of_warning(session: Session) -> None:
    performance = Performance.of(session)
    assert not performance.scene.problems
    assert not unreviewed(performance.scene, session)
    timeline = performance.timeline
    assert timeline.state(timeline.duration).complete == len(performance.scene.rows)
    shown = "\n".join(scene_row.row.text for scene_row in performance.scene.rows)
    for row in session.dialog.rows:
        assert not row.hidden or not row.text.strip() or row.text not in shown
