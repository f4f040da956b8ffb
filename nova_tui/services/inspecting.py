"""Inspecting: everything about a row or a session that is not its text, as a tree; and verbs that change one value.

A place in the tree is a path of keys and positions. The verbs return a new row or session; what they do not name stays
as it was, in its order and with its JSON types.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeVar, cast

from nova_tui.domain.errors import InvalidValue
from nova_tui.domain.frozen import freeze, freeze_mapping
from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.domain.times import from_text, later, to_text

Path = tuple[str | int, ...]
"""Keys of mappings and positions in lists, from the outside in."""

KINDS: Final = ("null", "boolean", "number", "text", "list", "mapping")
_IMAGE_TEXTS: Final = ("mime", "name", "alt", "path", "url")
_IMAGE_NUMBERS: Final = ("width", "height")


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree."""

    path: Path
    key: str
    """The last step of the path, in words."""
    kind: str
    """One of KINDS, or `bytes` and `image` for what JSON does not have."""
    value: Any
    """The value of a scalar, the number of things in a list or mapping."""
    editable: bool = True
    """Whether `with_value` takes another value."""
    open: bool = False
    """Whether things can be added here, renamed and removed."""
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield this line and those below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def kind_of(value: object) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "mapping" if isinstance(value, Mapping) else "list"


def read_value(typed: str, kind: str | None = None) -> Any:
    """Return the JSON value that a person typed; with a kind, a value of that type, text being taken as it is.

    Raises InvalidValue for what is no JSON, or of another type.
    """
    if kind == "text":
        return typed
    try:
        value = json.loads(typed, parse_constant=_refuse, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        wanted = f"a {kind}" if kind else 'JSON such as "text", 1, true or null'
        raise InvalidValue("value", f"{typed[:80]!r}; it wants {wanted}") from error
    if kind is not None and kind_of(value) != kind:
        raise InvalidValue("value", f"a {kind_of(value)}; it wants a {kind}")
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidValue("value", "a number that is too large")
    return freeze(value, "value")


def _refuse(constant: str) -> NoReturn:
    """Refuse the numbers that JSON does not have."""
    raise ValueError(f"{constant} is not a number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the mapping of these pairs; refuse a key that is there twice."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key is there twice")
    return dict(pairs)


# -- the tree -----------------------------------------------------------------------------------------------------


def tree_of_row(row: Row) -> tuple[Node, ...]:
    """Return the tree of a row: what it is, its metadata (function calls among it), its pictures, unknown keys."""
    return (
        _leaf(("id",), row.id, editable=False),
        _leaf(("role",), row.role.value),
        _leaf(("timestamp",), to_text(row.timestamp)),
        _leaf(("processed",), row.processed),
        _leaf(("characters",), len(row.text), editable=False),
        _branch(("metadata",), row.metadata),
        _images(row.images or ()),
        *((_branch(("extra",), row.extra),) if row.extra else ()),
    )


def tree_of_session(session: Session) -> tuple[Node, ...]:
    """Return the tree of a session: what it is, nova-tui's own things, other applications' data, unknown keys."""
    return (
        _leaf(("id",), session.id, editable=False),
        _leaf(("user_id",), session.user_id, editable=False),
        _leaf(("title",), session.typed_title),
        _leaf(("created_at",), to_text(session.created_at), editable=False),
        _leaf(("updated_at",), to_text(session.updated_at), editable=False),
        _leaf(("rows",), len(session.dialog.rows), editable=False),
        _branch(("app_data",), session.app_data),
        *((_branch(("extra",), session.extra),) if session.extra else ()),
        *((_branch(("dialog_extra",), session.dialog.extra),) if session.dialog.extra else ()),
    )


def _leaf(path: Path, value: Any, *, editable: bool = True) -> Node:
    """Return a line with a scalar."""
    return Node(path, str(path[-1]), kind_of(value), value, editable)


def _branch(path: Path, value: Any) -> Node:
    """Return a JSON value with everything below it."""
    if isinstance(value, Mapping):
        children = tuple(_branch((*path, key), item) for key, item in value.items())
        return Node(path, str(path[-1]), "mapping", len(value), editable=False, open=True, children=children)
    if isinstance(value, Sequence) and not isinstance(value, str):
        children = tuple(_branch((*path, at), item) for at, item in enumerate(value))
        return Node(path, str(path[-1]), "list", len(value), editable=False, open=True, children=children)
    return _leaf(path, value)


def _images(images: Sequence[Image]) -> Node:
    """Return the pictures: what is said of each, and how many bytes it has."""
    children = []
    for at, image in enumerate(images):
        path: Path = ("images", at)
        data = () if image.data is None else (Node((*path, "data"), "data", "bytes", len(image.data), editable=False),)
        facts = tuple(_leaf((*path, name), getattr(image, name)) for name in (*_IMAGE_TEXTS, *_IMAGE_NUMBERS))
        extra = (_branch((*path, "extra"), image.extra),) if image.extra else ()
        children.append(Node(path, str(at), "image", image.name, editable=False, children=(*data, *facts, *extra)))
    return Node(("images",), "images", "list", len(images), editable=False, open=True, children=tuple(children))


# -- verbs on a JSON value ----------------------------------------------------------------------------------------


def value_at(value: Any, path: Path) -> Any:
    """Return what stands at a place of a JSON value; raise InvalidValue where there is nothing."""
    for step in path:
        if isinstance(value, Mapping) and step in value:
            value = value[cast("str", step)]
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            raise InvalidValue("value", f"anything at {_words(path)}: there is nothing")
    return value


def _words(path: Path) -> str:
    """Return a path for a sentence."""
    return ".".join(map(str, path)) or "the top"


def _changed(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """Return a JSON value with what stands at a place changed; everything else is the same, in its order."""
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    inner = _changed(value_at(value, (step,)), rest, change)
    if isinstance(value, Mapping):
        return {key: inner if key == step else item for key, item in value.items()}
    return [inner if at == step else item for at, item in enumerate(value)]


def _set(path: Path, new: Any, *, retype: bool) -> Callable[[Any], Any]:
    """Return the change that puts a value at a place, of the same JSON type as before unless `retype` is on."""

    def change(old: Any) -> Any:
        if not retype and old is not None and kind_of(old) != kind_of(new):
            raise InvalidValue(_words(path), f"a {kind_of(new)}; it is a {kind_of(old)}")
        return new

    return change


def _add(path: Path, key: str | None, new: Any) -> Callable[[Any], Any]:
    """Return the change that adds a value: under a key of a mapping, or at the end of a list."""

    def change(holder: Any) -> Any:
        if isinstance(holder, Mapping):
            if key is None or key in holder:
                raise InvalidValue(_words(path), "a value without a key" if key is None else f"{key} twice")
            return {**holder, key: new}
        if isinstance(holder, list):
            return [*holder, new]
        raise InvalidValue(_words(path), "other values: it is neither a mapping nor a list")

    return change


def _rename(path: Path, new_key: str) -> Callable[[Any], Any]:
    """Return the change that gives a key another name, in its place."""

    def change(holder: Any) -> Any:
        old_key = path[-1]
        if not isinstance(holder, Mapping):
            raise InvalidValue(_words(path[:-1]), "keys: it is a list")
        value_at(holder, (old_key,))
        if new_key != old_key and new_key in holder:
            raise InvalidValue(_words(path[:-1]), f"{new_key} twice")
        return {new_key if key == old_key else key: item for key, item in holder.items()}

    return change


def _remove(path: Path) -> Callable[[Any], Any]:
    """Return the change that takes a value away."""

    def change(holder: Any) -> Any:
        value_at(holder, path[-1:])
        if isinstance(holder, Mapping):
            return {key: item for key, item in holder.items() if key != path[-1]}
        return [item for at, item in enumerate(holder) if at != path[-1]]

    return change


# -- verbs on a row or a session ----------------------------------------------------------------------------------

T = TypeVar("T", Row, Session)


def with_value(of: T, path: Path, new: Any, *, retype: bool = False) -> T:
    """Return the row or session with a scalar changed; `retype` allows another JSON type. Raises InvalidValue."""
    if len(path) == 1:
        return cast("T", _with_field(of, str(path[0]), new))
    if isinstance(of, Row) and path[0] == "images" and len(path) == 3:
        return _with_image_field(of, path, new)
    return _on_map(of, path, _set(path, freeze(new, "value"), retype=retype))


def with_added(of: T, path: Path, key: str | None, new: Any) -> T:
    """Return the row or session with a value added to the mapping or list at a place; a list takes no key."""
    return _on_map(of, path, _add(path, key, freeze(new, "value")))


def with_renamed(of: T, path: Path, new_key: str) -> T:
    """Return the row or session with a key renamed, in its place."""
    _check_depth(path)
    return _on_map(of, path[:-1], _rename(path, new_key))


def without(of: T, path: Path) -> T:
    """Return the row or session without the value at a place; a picture too."""
    _check_depth(path)
    if isinstance(of, Row) and path[0] == "images" and len(path) == 2:
        images = of.images or ()
        if not isinstance(path[1], int) or not 0 <= path[1] < len(images):
            raise InvalidValue("images", f"a picture {path[1]}")
        left = tuple(image for at, image in enumerate(images) if at != path[1])
        return dataclasses.replace(of, images=left or None)
    return _on_map(of, path[:-1], _remove(path))


def with_image(row: Row, image: Image) -> Row:
    """Return the row with one more picture."""
    return dataclasses.replace(row, images=(*(row.images or ()), image))


def _check_depth(path: Path) -> None:
    """Refuse to rename or remove what belongs to the model itself."""
    if len(path) < 2:
        raise InvalidValue(_words(path), "another name, and cannot go: it belongs to the model")


def _on_map(of: T, path: Path, change: Callable[[Any], Any]) -> T:
    """Change one of the free maps of a row or session."""
    root, rest = (path[0], path[1:]) if path else ("", ())
    if isinstance(of, Row):
        if root == "metadata":
            return dataclasses.replace(of, metadata=freeze_mapping(_changed(of.metadata, rest, change), "metadata"))
        if root == "extra":
            return dataclasses.replace(of, extra=freeze_mapping(_changed(of.extra, rest, change), "extra"))
        if root == "images" and len(rest) >= 2 and rest[1] == "extra" and isinstance(rest[0], int):
            return _with_image_extra(of, rest[0], rest[2:], change)
    elif root == "app_data":
        return _with_app_data(of, _changed(of.app_data, rest, change))
    elif root == "extra":
        extra = freeze_mapping(_changed(of.extra, rest, change), "extra")
        return dataclasses.replace(of, extra=extra, updated_at=later(of.updated_at))
    elif root == "dialog_extra":
        extra = freeze_mapping(_changed(of.dialog.extra, rest, change), "extra")
        return of.with_dialog(dataclasses.replace(of.dialog, extra=extra))
    raise InvalidValue(_words(path), "other values")


def _with_field(of: Row | Session, name: str, new: Any) -> Row | Session:
    """Change one of the model's own values."""
    if isinstance(of, Session) and name == "title":
        if new is not None and not isinstance(new, str):
            raise InvalidValue("title", f"a {kind_of(new)}")
        return of.with_title(new)
    if isinstance(of, Row):
        if name == "role":
            return of.with_role(Role.parse(new))
        if name == "timestamp":
            if not isinstance(new, str):
                raise InvalidValue("timestamp", f"a {kind_of(new)}")
            return dataclasses.replace(of, timestamp=from_text(new, "timestamp"))
        if name == "processed":
            return dataclasses.replace(of, processed=new)
    raise InvalidValue(name, "another value")


def _with_app_data(session: Session, app_data: Mapping[str, Any]) -> Session:
    """Return the session with other app data; `updated_at` moves as the model says."""
    own_title = session.typed_title
    new = freeze_mapping(app_data, "app data")
    others_differ = new.without(OWN_KEY) != freeze_mapping(session.app_data, "app data").without(OWN_KEY)
    changed = dataclasses.replace(session, app_data=new)
    if others_differ or changed.typed_title != own_title:
        return dataclasses.replace(changed, updated_at=later(session.updated_at))
    return changed


def _image_at(row: Row, at: int | str) -> tuple[tuple[Image, ...], int]:
    """Return a row's pictures and a position that is one of them."""
    images = row.images or ()
    if not isinstance(at, int) or not 0 <= at < len(images):
        raise InvalidValue("images", f"a picture {at}")
    return images, at


def _with_image_field(row: Row, path: Path, new: Any) -> Row:
    """Change what is said of a picture."""
    images, at = _image_at(row, path[1])
    name = str(path[2])
    if name not in (*_IMAGE_TEXTS, *_IMAGE_NUMBERS):
        raise InvalidValue(_words(path), "another value")
    changed = dataclasses.replace(images[at], **{name: new})
    return dataclasses.replace(row, images=(*images[:at], changed, *images[at + 1 :]))


def _with_image_extra(row: Row, at: int, path: Path, change: Callable[[Any], Any]) -> Row:
    """Change an unknown key of a picture."""
    images, at = _image_at(row, at)
    extra = freeze_mapping(_changed(images[at].extra, path, change), "extra")
    changed = dataclasses.replace(images[at], extra=extra)
    return dataclasses.replace(row, images=(*images[:at], changed, *images[at + 1 :]))
