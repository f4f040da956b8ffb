"""Hypothesis strategies: anything the model holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from nova_tui import Dialog, Image, Role, Row, Session
from nova_tui.domain.frozen import FrozenDict, FrozenList

PIECES = [
    *"ab \n\t:-#'\"[]{}&*!|>%@`,?\\=~<01.eE+",
    "\r", "\x85", "\u2028", "\u2029", "\ufeff", "\x1b]52;c;x\x07", "\x7f", "\x9b", "\xa0", "é", "你好", "😀", "👩‍👧",
    "\u202e", "\ufffe", "\n\n", "  ", "---", "...", "no", "1:30", "<<", "null", "true", "[/",
    "[@click=app.quit]", "' OR 1=1 --",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
)
"""Texts that a store must keep byte for byte."""
ids = st.sampled_from([f"{number:016x}" for number in range(24)])
times = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001  zone follows
    st.datetimes(timezones=st.just(UTC)),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
unknown_keys = st.text("xyzäß.-", min_size=1, max_size=5)
extras = st.dictionaries(unknown_keys, json_values, max_size=2)
metadata = st.dictionaries(
    st.sampled_from(["hide_row", "exclude_export", "kind", "model", "Z", "a"]) | texts, json_values, max_size=3
)
images = st.builds(
    Image,
    mime=st.none() | st.just("image/png"),
    data=st.none() | st.binary(max_size=20),
    path=st.none() | texts,
    url=st.none() | texts,
    name=st.none() | texts,
    width=st.none() | st.integers(0, 10**6),
    height=st.none() | st.integers(0, 10**6),
    alt=st.none() | texts,
    extra=extras,
)
rows = st.builds(
    Row,
    text=texts,
    role=st.sampled_from(Role),
    timestamp=times,
    metadata=metadata,
    images=st.none() | st.lists(images, max_size=2).map(tuple),
    processed=st.booleans(),
    id=ids,
    extra=extras,
)
dialogs = st.builds(Dialog, st.lists(rows, max_size=6, unique_by=lambda row: row.id).map(tuple), extra=extras)
own_data = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "tags": st.lists(texts, max_size=2),
        "starred": st.booleans(),
        "archived": st.booleans(),
        "import": st.just({"format": "chatgpt"}),
    },
)
app_data = st.builds(
    lambda others, own: {**others, "nova_tui": own} if own else others,
    st.dictionaries(texts, json_values, max_size=2),
    own_data,
)
users = st.sampled_from(["alice", "bob", "Żółć", "a'b\"c"])
session_ids = st.sampled_from([f"{number:032x}" for number in range(1, 6)])
sessions = st.builds(
    Session,
    id=session_ids,
    user_id=st.just("alice"),
    dialog=dialogs,
    created_at=times,
    updated_at=times,
    app_data=app_data,
    extra=extras,
)


def exactly(value: Any) -> Any:
    """Return a value that is equal only to one with the same types and the same order of keys."""
    if isinstance(value, dict | FrozenDict):
        return ("map", [(key, exactly(item)) for key, item in value.items()])
    if isinstance(value, list | FrozenList):
        return ("list", [exactly(item) for item in value])
    return (type(value).__name__, repr(value))
