"""Code to spans: which parts are keywords, strings, comments … by the name of the language, never by a guess."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from nova_tui.tui.widgets.markdown_inline import Span

STYLES: Final = {
    "Comment": "code-comment",
    "Keyword": "code-keyword",
    "Keyword.Constant": "code-constant",
    "Keyword.Type": "code-type",
    "Operator.Word": "code-keyword",
    "Literal": "code-constant",
    "Literal.String": "code-string",
    "Literal.Number": "code-number",
    "Name.Function": "code-function",
    "Name.Builtin": "code-function",
    "Name.Decorator": "code-function",
    "Name.Class": "code-type",
    "Name.Exception": "code-type",
    "Name.Namespace": "code-type",
    "Name.Tag": "code-keyword",
    "Name.Attribute": "code-type",
    "Name.Constant": "code-constant",
    "Name.Variable": "code-constant",
    "Generic.Heading": "code-keyword",
    "Generic.Subheading": "code-keyword",
    "Generic.Inserted": "code-inserted",
    "Generic.Deleted": "code-deleted",
    "Generic.Prompt": "code-comment",
}
"""Kinds of words and their styles; a kind that is not here looks like the one it belongs to."""
MAX_CODE: Final = 16_000
"""Characters of code that are coloured; longer code stays plain."""

_lexers: dict[str, Any] = {}


@cache
def _known() -> frozenset[str]:
    """Return the names of languages that Pygments itself knows (its plugins are other people's code)."""
    # loaded when there is code to show, not at the start
    # Pygments has no types
    from pygments.lexers import get_all_lexers  # type: ignore[import-untyped] # noqa: PLC0415

    return frozenset(alias for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases)


def is_ready(language: str) -> bool:
    """Return whether code in this language can be coloured at once, or not at all."""
    return not language or language.lower() in _lexers or language.lower() not in _known()


def load(language: str) -> None:
    """Load what a language needs: up to 40 ms the first time, so call it in a thread."""
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - as above

    if not is_ready(language):
        _lexers[language.lower()] = get_lexer_by_name(language.lower())


def code_spans(code: str, language: str) -> Sequence[Span]:
    """Return the spans of code; none when its language is unknown or not loaded, or when there is too much of it."""
    lexer = _lexers.get(language.lower())
    if lexer is None or len(code) > MAX_CODE:
        return ()
    spans: list[Span] = []
    for start, token, word in lexer.get_tokens_unprocessed(code + "\n"):
        style = _style(str(token))
        end = min(start + len(word), len(code))
        if not style or start >= end:
            continue
        if spans and spans[-1].end == start and spans[-1].style == style:
            spans[-1] = Span(spans[-1].start, end, style)
        else:
            spans.append(Span(start, end, style))
    return spans


@cache
def _style(kind: str) -> str:
    """Return the style of a kind of word (`Token.Name.Function`), or of the nearest kind that it belongs to."""
    kind = kind.removeprefix("Token.")
    while kind and kind not in STYLES:
        kind = kind.rpartition(".")[0]
    return STYLES.get(kind, "")
