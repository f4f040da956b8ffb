"""Where a text holds what a search looked for."""

from __future__ import annotations

import pytest

from nova_tui.domain.marking import places_of
from nova_tui.domain.query import parse_query


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("refund", "A Refund, refunds and REFUND", ["Refund", "REFUND"]),
        ("refund*", "A Refund, refunds", ["Refund", "refunds"]),
        ("cafe resume", "Café or RÉSUMÉ", ["Café", "RÉSUMÉ"]),
        ('"two payments"', "payments, two payments; two", ["two payments"]),
        ('"two pay*" two', "two payments", ["two"]),
        ("x.y", "x.y x y y.x", ["x.y", "x y"]),
        ("snake", "snake_case", ["snake_case"]),
        ("京タ", "東京タワー 京", ["京タ"]),
        ("東京 京タ", "東京タワー", ["東京タ"]),
        ("-refund", "refund", []),
        ("role:user refund", "user refund", ["refund"]),
        ("is:starred", "is starred", []),
        ("refund", "", []),
        ("straße", "STRASSE", ["STRASSE"]),
    ],
)
def test_what_was_looked_for_is_marked(query: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in places_of(parse_query(query), text)] == marked
