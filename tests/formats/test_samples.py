"""Files that others wrote, counted by others: the folder is named by NOVA_TUI_SAMPLES (with EXPECTED.json in it)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from nova_tui.domain.errors import FormatError
from nova_tui.formats.registry import IMPORTERS
from tests.formats.examples import read

FOLDER = os.environ.get("NOVA_TUI_SAMPLES")
OURS = {
    "alpaca": "alpaca",
    "anthropic_messages": "anthropic",
    "chatgpt_export": "chatgpt",
    "claude_ai_export": "claude",
    "claude_code": "claude-code",
    "codex_rollout": "codex",
    "deepseek_export": "deepseek",
    "hf_messages": "openai",
    "openai_chat": "openai",
    "sharegpt": "sharegpt",
}
"""The importers of the samples' formats."""
COUNTS = ("user", "assistant", "system", "hidden", "tool", "thinking", "empty", "offpath", "images")

pytestmark = pytest.mark.skipif(FOLDER is None, reason="NOVA_TUI_SAMPLES names no folder of samples")


def expected() -> list[dict[str, Any]]:
    """Return what EXPECTED.json says."""
    found: list[dict[str, Any]] = json.loads((Path(FOLDER) / "EXPECTED.json").read_text()) if FOLDER else []
    return found


SAMPLES = [entry for entry in expected() if OURS.get(entry["format"]) in IMPORTERS]
OTHERS = [entry for entry in expected() if OURS.get(entry["format"]) not in IMPORTERS]


@pytest.mark.parametrize("entry", SAMPLES, ids=[entry["file"] for entry in SAMPLES])
def test_samples_are_read_as_others_count_them(entry: dict[str, Any]) -> None:
    path = Path(FOLDER or "") / entry["file"]
    receipt = read(path.read_bytes(), path.name)
    assert receipt.format == OURS[entry["format"]]
    assert len(receipt.conversations) == len(entry["counts"])
    for conversation, wanted in zip(receipt.conversations, entry["counts"], strict=True):
        counts = conversation.counts.to_mapping()
        assert {name: counts[name] for name in COUNTS} == {name: wanted[name] or 0 for name in COUNTS}
        if wanted["title"]:
            assert conversation.session.title.startswith(wanted["title"].strip())


@pytest.mark.parametrize("entry", OTHERS, ids=[entry["file"] for entry in OTHERS])
def test_samples_of_other_formats_are_refused_with_a_sentence(entry: dict[str, Any]) -> None:
    path = Path(FOLDER or "") / entry["file"]
    if not path.is_file():
        pytest.skip("it is a folder")
    with pytest.raises(FormatError):
        read(path.read_bytes(), path.name)
