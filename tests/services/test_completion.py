"""Completion of filters."""

from __future__ import annotations

import pytest

from nova_tui.services.completion import completions

TAGS = ["demo", "year end", "Äpfel", 'a"b', "x\x1b[31m"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("t", ["tag:", "title:"]),
        ("refund ti", ["refund title:"]),
        ("-ta", ["-tag:"]),
        ("refund", []),
        ("tag:", ["tag:demo", 'tag:"year end"', "tag:Äpfel"]),
        ("tag:ap", ["tag:Äpfel"]),
        ("tag:demo", []),
        ("TAG:d", ["tag:demo"]),
        ("is:s", ["is:starred"]),
        ("x role:a", ["x role:assistant"]),
        ("updated:", ["updated:<1d", "updated:<7d", "updated:<30d", "updated:<1y"]),
        ("title:a", []),
        ("colour:", []),
        ('"two t', []),
    ],
)
def test_the_last_word_is_completed(text: str, found: list[str]) -> None:
    assert completions(text, TAGS) == found
