"""Every format that is written, compared byte for byte with a file of that format.

`NOVA_TUI_WRITE_GOLDEN=1` writes the files anew; look at the difference before you keep it.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exporter
from nova_tui.formats.registry import EXPORTERS
from tests.formats.examples import AT, PNG

GOLDEN = Path(__file__).parent / "golden"
CALL = {
    "function_name": "refund",
    "parameters": {"payment": "p_2"},
    "result": "done",
    "completion_id": "call_1",
    "finish_reason": "tool_calls",
}


def example() -> list[Session]:
    """Return two sessions with everything that a format may have to write."""
    tool = {"id": "call_1", "name": "refund"}
    rows = (
        Row("Be brief.", Role.SYSTEM, AT, {"hide_row": True}, id="0000000000000001"),
        Row("I was charged twice.\n\n```\n# not a heading\n```", Role.USER, AT, {}, id="0000000000000002"),
        Row("They want money back.", Role.ASSISTANT, AT, {"hide_row": True, "kind": "thinking"}, id="0000000000000003"),
        Row(
            'refund({"payment": "p_2"})',
            Role.ASSISTANT,
            AT,
            {"hide_row": True, "kind": "tool_call", "tool": tool, "function_calls": [CALL]},
            id="0000000000000004",
        ),
        Row("done", Role.SYSTEM, AT, {"hide_row": True, "kind": "tool_result", "tool": tool}, id="0000000000000005"),
        Row("Done – 42.00 €.", Role.ASSISTANT, AT + timedelta(minutes=1), {"model": "m"}, id="0000000000000006"),
        Row("For the video only.", Role.ASSISTANT, AT, {"exclude_export": True}, id="0000000000000007"),
    )
    image = Image("image/png", PNG, name="receipt.png", alt="the receipt")
    link = Image(url="https://example.org/r.png")
    rows2 = (Row("看这个 \u202e", Role.USER, AT, {"ts_source": "none"}, (image, link), id="0000000000000001"),)
    app_data = {"nova_tui": {"title": "Refund flow", "tags": ["demo"]}, "shop": {"order": 1881}}
    return [
        Session("0123456789abcdef" * 2, "alice", Dialog(rows), AT, AT + timedelta(minutes=1), app_data),
        Session("fedcba9876543210" * 2, "alice", Dialog(rows2), AT, AT),
    ]


@pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=EXPORTERS)
def test_what_is_written_is_what_it_was(exporter: Exporter) -> None:
    path = GOLDEN / f"{exporter.name}{exporter.extension}"
    text = "".join(exporter.write(example(), exporter.hidden_by_default, []))
    if os.environ.get("NOVA_TUI_WRITE_GOLDEN") == "1":
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text
