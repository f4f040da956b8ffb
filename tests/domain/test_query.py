"""The search language: what it reads, what it refuses, and what its words find."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui import QueryError
from nova_tui.domain.query import Filter, Query, Span, Term, haystack, parse_query, tokens
from nova_tui.domain.search import snippet_of
from tests.domain.strategies import texts

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_whole_language_is_read() -> None:
    query = parse_query(
        'Refund "two  Payments" migrat* -draft -"not this" role:User -is:starred tag:"a b" updated:<7d', at=AT
    )
    assert query == Query(
        (
            Term(("refund",)),
            Term(("two", "payments")),
            Term(("migrat",), prefix=True),
            Term(("draft",), negated=True),
            Term(("not", "this"), negated=True),
        ),
        (Filter("role", "user"), Filter("is", "starred", negated=True), Filter("tag", "a b")),
        (Span("updated", AT - timedelta(days=7), None),),
    )


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("updated:<7d", AT - timedelta(days=6), AT - timedelta(days=8)),
        ("updated:>7d", AT - timedelta(days=8), AT - timedelta(days=6)),
        ("updated:12h", AT - timedelta(hours=3), AT - timedelta(hours=13)),
        ("updated:>2026-01-01", datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, 23, tzinfo=UTC)),
        ("updated:<2026-01-01", datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("updated:2026-01-01", datetime(2026, 1, 1, 23, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
        ("-updated:2026-01-01", datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, 5, tzinfo=UTC)),
    ],
)
def test_times(text: str, inside: datetime, outside: datetime) -> None:
    (span,) = parse_query(text, at=AT).spans
    assert span.holds(inside)
    assert not span.holds(outside)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "nothing to search"),
        ("  \n", "nothing to search"),
        ("... ***", "nothing to search"),
        ('a "b c', "quote at character 3"),
        ("size:3", "no filter size:"),
        ("role:robot", "role:user or role:assistant"),
        ("is:nice", "is:starred or is:archived"),
        ("tag:", "needs a value"),
        ("tag: demo", "needs a value"),
        ("updated:soon", "no time"),
        ("updated:<999999y", "no time"),
        ("created:2026-13-45", "no time"),
        ("a " * 33, "at most 32"),
        ("a" * 3000, "longer than"),
    ],
)
def test_what_cannot_be_understood_is_said(text: str, sentence: str) -> None:
    with pytest.raises(QueryError, match=sentence):
        parse_query(text)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("refu", [Term(("refu",), prefix=True)]),
        ("two refu", [Term(("two",)), Term(("refu",), prefix=True)]),
        ("refu ", [Term(("refu",))]),
        ("refund.", [Term(("refund",))]),
        ("x.y", [Term(("x", "y"), prefix=True)]),
        ("café", [Term(("cafe",), prefix=True)]),
        ("pre*", [Term(("pre",), prefix=True)]),
        ("a -dra", [Term(("a",)), Term(("dra",), negated=True)]),
        ("a -", [Term(("a",))]),
        ('"two pay', [Term(("two", "pay"), prefix=True)]),
        ('"two ', [Term(("two",))]),
        ('"two"', [Term(("two",))]),
        ('a "', [Term(("a",))]),
        ("a role:us", [Term(("a",))]),
        ("a updated:<", [Term(("a",))]),
        ("", []),
    ],
)
def test_what_is_being_typed_ends_where_it_ends(text: str, terms: list[Term]) -> None:
    query = parse_query(text, typing=True)
    assert (list(query.terms), query.filters, query.spans) == (terms, (), ())
    assert query.empty is not bool(terms)


def test_what_is_being_typed_is_still_refused_before_its_end() -> None:
    for text in ("role:us a", "size:3", "a" * 3000):
        with pytest.raises(QueryError):
            parse_query(text, typing=True)
    assert parse_query("role:user", typing=True).filters == (Filter("role", "user"),)


@settings(max_examples=200, deadline=None)
@given(texts, st.text(st.sampled_from("abno1e"), min_size=1, max_size=2))
def test_a_begun_word_is_found_without_a_haystack(text: str, word: str) -> None:
    term = Term((word,), prefix=True)
    assert term.begins_in(text) == term.found_in(haystack(text))


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('ab "*-:<>7d.你\x00\x1b\ud800') | st.characters(), max_size=30))
def test_any_text_is_a_query_or_a_sentence(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError as error:
        assert str(error).endswith(".")
        return
    parse_query(text, typing=True)
    assert query.terms or query.filters or query.spans
    for term in query.terms:
        assert term.words
        assert all(word.isalnum() for word in term.words)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("cafe", "Das CAFÉ", True),
        ("CAFÉ", "cafes", False),
        ("cafe*", "cafes", True),
        ("strasse", "Straße", True),
        ("x.y", "in x.y we", True),
        ("x.y", "y x", False),
        ("can't", "I can't", True),
        ("http://a.b/c", "see http://a.b/c now", True),
        ("12:30", "at 12:30", True),
        ("std::vector", "a std::vector", True),
        ("京都", "東京都の", True),
        ("京の", "東京都の", False),
        ("국어", "한국어를", True),
        ("カメ", "デジタルカメラ", True),
        ("snake_case", "snake_case", True),
        ("snake", "snake_case", True),
        ("fi", "ﬁ", True),
        ("½", "1/2", True),
        ("a -b", "a c", True),
        ("a -b", "b a", False),
        ('"b a"', "a b", False),
        ("ivan", "Иван", False),
        ("иван", "ИВАН", True),
        ("йод", "иод", True),
    ],
)
def test_what_words_find(query: str, text: str, found: bool) -> None:
    assert parse_query(query).matches(haystack(text)) is found


@settings(max_examples=100, deadline=None)
@given(texts)
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    words = tokens(text)
    hay = haystack(text)
    for word in words:
        assert Term((word,)).found_in(hay)
        assert Term((word[:1],), prefix=True).found_in(hay)
    if words:
        assert Term(tuple(words)).found_in(hay)
        snippet = snippet_of(Query((Term((words[-1],)),)), text)
        assert "\n" not in snippet
        assert len(snippet) <= 125


def test_a_snippet_shows_the_word() -> None:
    text = "Nothing here. " * 40 + "Then the refund\nof payment 12 came back. " + "And more. " * 40
    snippet = snippet_of(parse_query("REFUND"), text)
    assert "the refund of payment 12" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert "Refünd" in snippet_of(parse_query("refund"), "é" * 300 + " Refünd now")
