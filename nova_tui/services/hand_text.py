"""A session, or some of its rows, as a text that is made for editing by hand, and back.

The text is YAML. It shows what a person edits: titles and tags, and of each row its id, role, text, short metadata and
pictures. A row keeps its identity by its id. What the text does not show stays as it was: times, long metadata, unknown
keys; and the bytes of a picture are named (`kept:ROW/NUMBER`), not written out. What the text shows and an edited text
has not, is taken away.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NoReturn

from nova_tui.domain.dialog import RowIds
from nova_tui.domain.errors import DialogError, InvalidSession, YamlError
from nova_tui.domain.frozen import FrozenDict, freeze_mapping
from nova_tui.domain.ids import new_row_id
from nova_tui.domain.native import images_from_list, images_to_list
from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.safe_text import clean_line, to_json
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.domain.times import from_text, now
from nova_tui.yamlio import line_of, read_yaml, write_yaml

LONGEST_VALUE: Final = 500
"""Characters of JSON of a value of the metadata that the text shows."""
MOST_VALUES: Final = 4000
"""Characters of JSON of all the metadata that the text shows of one row."""
KEPT: Final = "kept:"
"""Stands before the name of bytes that the text does not show."""
_ROW_KEYS: Final = ("id", "role", "text", "metadata", "images", "timestamp", "processed")

Where = tuple[str | int, ...]
"""A place in the text: keys, and positions from 0."""


@dataclass(frozen=True)
class HandText:
    """A session, or some rows of it where `row_ids` are given, for editing by hand."""

    session: Session
    row_ids: tuple[str, ...] | None = None

    @classmethod
    def of(cls, session: Session, row_ids: RowIds | None = None) -> HandText:
        """Show a session, or rows of it in the dialog's order; raise RowNotFound."""
        if row_ids is None:
            return cls(session)
        return cls(session, tuple(row.id for row in session.dialog.rows_of(row_ids)))

    @cached_property
    def _rows(self) -> dict[str, tuple[int, Row]]:
        """The rows that the text shows, with their positions in the dialog."""
        wanted = None if self.row_ids is None else set(self.row_ids)
        return {
            row.id: (at, row) for at, row in enumerate(self.session.dialog.rows) if wanted is None or row.id in wanted
        }

    # -- writing -----------------------------------------------------------------------------------------------------

    @cached_property
    def text(self) -> str:
        """The text to edit."""
        return "".join(self._parts())

    def _parts(self) -> Iterator[str]:
        """Yield the text: what to know, the session, each row with a line about it."""
        yield _comment(
            f"{clean_line(self.session.title, 80)} ({self.session.id[:8]}). Save the text and leave the editor."
        )
        yield _comment("A row stays the same row by its id; without an id it is new, and a copy gets an id of its own.")
        yield _comment("Rows may be moved, removed, copied and added. What is not shown here stays as it is.")
        if any(image.data is not None for _, row in self._rows.values() for image in row.images or ()):
            yield _comment(f"The bytes of a picture are not shown: {KEPT}ROW/NUMBER names them, in any row.")
        if self.row_ids is None:
            yield "\n" + _written(self._head())
        yield "\nrows:\n" if self._rows else "\nrows: []\n"
        for at, row in self._rows.values():
            yield _comment(_about(at, row, len(self.session.dialog.rows)))
            yield _written([_shown_row(row)])

    def _head(self) -> dict[str, Any]:
        """Return what is shown of the session itself."""
        head: dict[str, Any] = {"title": self.session.typed_title, "tags": list(self.session.tags)}
        if data := _seen(_others(self.session.app_data)):
            head["app_data"] = data
        return head

    # -- reading -----------------------------------------------------------------------------------------------------

    def read(self, text: str) -> Session:
        """Return the session as the edited text says it shall be; raise YamlError with the line of a mistake."""
        text = text.removeprefix("\ufeff")
        root = read_yaml(text)
        mistake = _Mistake(text)
        if not isinstance(root, dict):
            mistake((), "the text is not a mapping with the key rows")
        head = self._head() if self.row_ids is None else {}
        known = ("title", "tags", "app_data", "rows") if self.row_ids is None else ("rows",)
        _check_keys(root, known, (), mistake)
        if "rows" not in root:
            mistake((), "the key rows is missing; without rows it is: rows: []")
        entries = [] if root["rows"] is None else root["rows"]
        if not isinstance(entries, list):
            mistake(("rows",), "the rows are not a list")
        rows = self._read_rows(entries, mistake)
        session = self.session.with_dialog(dataclasses.replace(self.session.dialog, rows=rows))
        return session if self.row_ids is not None else self._read_head(session, root, head, mistake)

    def _read_head(self, session: Session, root: dict[str, Any], head: dict[str, Any], mistake: _Mistake) -> Session:
        """Take over what the text says of the session itself."""
        title, tags = root.get("title"), root.get("tags")
        with mistake.at("title"):
            title = None if title is None else _text_of(title)
            if title != head["title"]:
                session = session.with_title(title)
        with mistake.at("tags"):
            tags = [] if tags is None else tags
            if not isinstance(tags, list):
                raise InvalidSession("the tags are not a list such as [one, two]")
            if tags != head["tags"]:
                session = session.with_tags(map(_text_of, tags))
        with mistake.at("app_data"):
            before = _others(session.app_data)
            after = _merged(before, root.get("app_data"), "the app data is not a mapping", written="app_data" in root)
            if OWN_KEY in after:
                raise InvalidSession(f"the key {OWN_KEY} is nova-tui's own; title and tags stand above")
            if after is not before:
                session = _with_others(session, after)
        return session

    def _read_rows(self, entries: list[Any], mistake: _Mistake) -> tuple[Row, ...]:
        """Return all rows of the dialog as they shall be."""
        used: set[str] = set()
        read: list[Row] = []
        for index, entry in enumerate(entries):
            row = self._read_row(entry, ("rows", index), used, mistake)
            used.add(row.id)
            read.append(row)
        return tuple(read) if self.row_ids is None else self._placed(read)

    def _placed(self, read: Sequence[Row]) -> tuple[Row, ...]:
        """Put edited rows among those that the text does not show.

        Rows that remain share the places that they had; a new row follows the one before it in the text.
        """
        places = iter(sorted(self._rows[row.id][0] for row in read if row.id in self._rows))
        at_place: dict[int, list[Row]] = {}
        first_place = min((at for at, _ in self._rows.values()), default=0)
        leading: list[Row] = []
        current = leading
        for row in read:
            if row.id in self._rows:
                current = at_place.setdefault(next(places), [])
            current.append(row)
        rows: list[Row] = []
        for at, row in enumerate(self.session.dialog.rows):
            if at == first_place:
                rows += leading
            if row.id not in self._rows:
                rows.append(row)
            rows += at_place.get(at, [])
        return tuple(rows if self.session.dialog.rows else leading)

    def _read_row(self, entry: Any, where: Where, used: set[str], mistake: _Mistake) -> Row:
        """Return one row: an edited one, a copy of one, or a new one."""
        if not isinstance(entry, dict):
            mistake(where, "a row is not a mapping with the keys role and text")
        row_id = entry.get("id")
        if row_id is not None:
            with mistake.at(*where, "id"):
                row_id = _text_of(row_id)
                if row_id not in self._rows:
                    raise InvalidSession(f"there is no row {row_id} here; leave the id out for a new row")
        base = self._rows[row_id][1] if row_id is not None else Row("", timestamp=now())
        _check_keys(entry, _ROW_KEYS, where, mistake)
        for key in ("role", "text"):
            if key not in entry:
                mistake(where, f"the row has no {key}")
        fields: dict[str, Any] = {}
        readers: dict[str, Callable[[Any], Any]] = {
            "role": Role.parse,
            "text": _text_of,
            "timestamp": lambda value: from_text(_text_of(value), "timestamp"),
            "processed": _switch,
        }
        for key, reader in readers.items():
            if key in entry:
                with mistake.at(*where, key):
                    fields[key] = reader(entry[key])
        with mistake.at(*where, "metadata"):
            fields["metadata"] = _merged(
                base.metadata, entry.get("metadata"), "the metadata is not a mapping", written="metadata" in entry
            )
        with mistake.at(*where, "images"):
            fields["images"] = self._images(base, entry.get("images"))
        with mistake.at(*where):
            if row_id is None or row_id in used:
                fields["id"] = new_row_id()
            return dataclasses.replace(base, **fields)

    def _images(self, base: Row, given: Any) -> tuple[Image, ...] | None:
        """Return a row's pictures, their kept bytes put back."""
        if not given and not base.images:
            return base.images
        if given == _shown_images(base):
            return base.images
        if not isinstance(given, list):
            return images_from_list(given, "the row")
        return images_from_list(
            [{**image, "data": self._bytes_named(image["data"])} if _is_kept(image) else image for image in given],
            "the row",
        )

    def _bytes_named(self, name: str) -> str:
        """Return the bytes, in base64, that the text names; raise InvalidSession where there are none."""
        row_id, _, number = name.removeprefix(KEPT).strip().rpartition("/")
        if row_id in self._rows and number.isascii() and number.isdecimal():
            images = images_to_list(self._rows[row_id][1].images) or []
            if 1 <= int(number) <= len(images) and "data" in images[int(number) - 1]:
                return str(images[int(number) - 1]["data"])
        raise InvalidSession(f"there is no picture {name}")


class _Mistake:
    """Says where in a text a mistake is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._where: Where = ()

    def __call__(self, where: Where, reason: str) -> NoReturn:
        """Raise the error for a mistake at a place."""
        raise YamlError(reason, line_of(self._text, where))

    def at(self, *where: str | int) -> _Mistake:
        """Name the place of what is read in a `with` block."""
        self._where = where
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, InvalidSession):
            raise YamlError(error.reason.removeprefix("the row: "), line_of(self._text, self._where)) from error
        if isinstance(error, DialogError):
            raise YamlError(str(error).rstrip("."), line_of(self._text, self._where)) from error


# -- what is shown ------------------------------------------------------------------------------------------------


def _comment(text: str) -> str:
    """Return a line that is no part of the content."""
    return f"# {text}\n"


def _written(value: Any) -> str:
    """Return YAML that something follows; behind a text that ends in empty lines the writer closes the document."""
    return write_yaml(value).removesuffix("...\n")


def _about(position: int, row: Row, total: int) -> str:
    """Return what stands above a row: its number, and what of it is not shown."""
    unseen = [key for key in row.metadata if key not in _seen(row.metadata)]
    more = f", not shown: {clean_line(', '.join(unseen), 100)}" if unseen else ""
    return f"row {position + 1} of {total}{more}"


def _shown_row(row: Row) -> dict[str, Any]:
    """Return what the text shows of a row."""
    shown: dict[str, Any] = {"id": row.id, "role": row.role.value, "text": row.text}
    if seen := _seen(row.metadata):
        shown["metadata"] = seen
    if row.images:
        shown["images"] = _shown_images(row)
    return shown


def _shown_images(row: Row) -> list[dict[str, Any]]:
    """Return pictures as the text shows them, their bytes by name."""
    images = images_to_list(row.images) or []
    return [
        {key: f"{KEPT}{row.id}/{number}" if key == "data" else value for key, value in image.items()}
        for number, image in enumerate(images, 1)
    ]


def _is_kept(image: object) -> bool:
    """Tell whether a picture of the text names kept bytes."""
    return isinstance(image, dict) and isinstance(image.get("data"), str) and image["data"].startswith(KEPT)


def _seen(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return the items that the text shows: short ones, and not too many."""
    seen: dict[str, Any] = {}
    left = MOST_VALUES
    for key, value in mapping.items():
        size = len(key) + len(to_json(value))
        if size <= LONGEST_VALUE and size <= left:
            seen[key] = value
            left -= size
    return seen


def _merged(before: Mapping[str, Any], given: Any, refusal: str, *, written: bool) -> Mapping[str, Any]:
    """Return a mapping with its shown items as they are given; those that are not shown keep their places."""
    seen = _seen(before)
    if not written and not seen:
        return before
    given = {} if given is None else given
    if not isinstance(given, dict):
        raise InvalidSession(refusal)
    after = freeze_mapping(given, "metadata")
    if after == freeze_mapping(seen, "metadata"):
        return before
    if len(seen) == len(before):
        return after
    kept = {key: after.get(key, value) for key, value in before.items() if key not in seen or key in after}
    return freeze_mapping({**kept, **after}, "metadata")


def _others(app_data: Mapping[str, Any]) -> FrozenDict:
    """Return the app data of other applications."""
    return freeze_mapping(app_data, "app data").without(OWN_KEY)


def _with_others(session: Session, others: Mapping[str, Any]) -> Session:
    """Return the session with other applications' data; nova-tui's own stays."""
    for key in session.app_data:
        if key != OWN_KEY and key not in others:
            session = session.drop_app_data(key)
    for key, value in others.items():
        session = session.put_app_data(key, value)
    return session


# -- what is read -------------------------------------------------------------------------------------------------


def _check_keys(mapping: dict[str, Any], known: Iterable[str], where: Where, mistake: _Mistake) -> None:
    """Refuse a key that would be lost."""
    known = tuple(known)
    for key in mapping:
        if key not in known:
            mistake((*where, key), f"{key} is not a key here; use {', '.join(known)}")


def _text_of(value: Any) -> str:
    """Return a text; one that looks like a number is what was typed, nothing is the empty one."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, bool | float):
        raise InvalidSession(f"the text {to_json(value)} must stand in quotes")
    raise InvalidSession("this is not a text")


def _switch(value: Any) -> bool:
    """Return a switch."""
    if not isinstance(value, bool):
        raise InvalidSession("it is neither true nor false")
    return value
