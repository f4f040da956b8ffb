"""The native format as plain mappings: one session, lossless, version 1.

`{"nova_tui": 1, "id", "user_id", "created_at", "updated_at", "app_data", "dialog": {"rows": [{"id", "role", "text",
"timestamp", "metadata", "images", "processed"}]}}`; unknown keys are kept and written after the known ones. Writing is
exact: `session_from_mapping(session_to_mapping(session))` gives an equal session. Reading is tolerant: what is missing
is filled in, and every such repair is said.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import DialogError, InvalidSession
from nova_tui.domain.frozen import EMPTY
from nova_tui.domain.ids import derived_row_id, is_session_id
from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.session import Session
from nova_tui.domain.times import from_text, now, to_text

VERSION: Final = 1
_SESSION_KEYS: Final = ("nova_tui", "id", "user_id", "created_at", "updated_at", "app_data", "dialog")
_ROW_KEYS: Final = ("id", "role", "text", "timestamp", "metadata", "images", "processed")
_IMAGE_TEXTS: Final = ("path", "url", "name", "alt")
_IMAGE_KEYS: Final = ("mime", "data", "width", "height", *_IMAGE_TEXTS)

Note = Callable[[str], None]
"""Takes one sentence about a repair."""


def session_to_mapping(session: Session) -> dict[str, Any]:
    """Return the session as plain JSON values, keys in the order of the format."""
    return {
        "nova_tui": VERSION,
        "id": session.id,
        "user_id": session.user_id,
        "created_at": to_text(session.created_at),
        "updated_at": to_text(session.updated_at),
        "app_data": session.app_data,
        "dialog": {"rows": [row_to_mapping(row) for row in session.dialog.rows], **session.dialog.extra},
        **session.extra,
    }


def row_to_mapping(row: Row) -> dict[str, Any]:
    """Return the row as plain JSON values."""
    return {
        "id": row.id,
        "role": row.role.value,
        "text": row.text,
        "timestamp": to_text(row.timestamp),
        "metadata": row.metadata,
        "images": images_to_list(row.images),
        "processed": row.processed,
        **row.extra,
    }


def images_to_list(images: tuple[Image, ...] | None) -> list[dict[str, Any]] | None:
    """Return images as plain JSON values, their bytes in base64; keys that are None are left out."""
    return None if images is None else [_image_to_mapping(image) for image in images]


def _image_to_mapping(image: Image) -> dict[str, Any]:
    """Return one image as plain JSON values."""
    data = None if image.data is None else base64.b64encode(image.data).decode("ascii")
    known = {
        "mime": image.mime,
        "data": data,
        "path": image.path,
        "url": image.url,
        "name": image.name,
        "width": image.width,
        "height": image.height,
        "alt": image.alt,
    }
    return {**{key: value for key, value in known.items() if value is not None}, **image.extra}


def is_native(mapping: object) -> bool:
    """Tell whether a mapping claims to be a native session."""
    return isinstance(mapping, Mapping) and "nova_tui" in mapping and "dialog" in mapping


def session_from_mapping(
    mapping: Mapping[str, Any],
    *,
    user_id: str | None = None,
    new_id: Callable[[], str] | None = None,
    note: Note = lambda _sentence: None,
    at: datetime | None = None,
) -> Session:
    """Read a session.

    `user_id` serves where the mapping names none, `new_id` where it has no usable id (without it that is an error),
    `at` (default now) where it has no times. Raises InvalidSession for what cannot be repaired.
    """
    version = mapping.get("nova_tui")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InvalidSession("it does not say which version of the native format it is")
    if version > VERSION:
        raise InvalidSession(f"it is in version {version} of the native format; this program reads up to {VERSION}")
    session_id = mapping.get("id")
    if not is_session_id(session_id):
        if new_id is None:
            raise InvalidSession("its id is not 32 lower-case hex digits")
        session_id = new_id()
        note("the session had no usable id and got one")
    owner = mapping.get("user_id", user_id)
    if not isinstance(owner, str) or not owner:
        if user_id is None:
            raise InvalidSession("it names no owner")
        owner = user_id
    try:
        return _read_session(mapping, str(session_id), owner, note, at or now())
    except DialogError as error:
        raise InvalidSession(str(error).rstrip(".")) from error


def _read_session(mapping: Mapping[str, Any], session_id: str, owner: str, note: Note, at: datetime) -> Session:
    """Read what lies below the session's own id and owner."""
    dialog = mapping.get("dialog")
    if not isinstance(dialog, Mapping):
        raise InvalidSession("its dialog is not a mapping")
    rows = dialog.get("rows", [])
    if not isinstance(rows, list):
        raise InvalidSession("its rows are not a list")
    created = _time(mapping.get("created_at"), "created_at", at, note)
    updated = _time(mapping.get("updated_at"), "updated_at", created, note)
    app_data = mapping.get("app_data")
    if app_data is not None and not isinstance(app_data, Mapping):
        raise InvalidSession("its app data is not a mapping")
    seen: set[str] = set()
    read = []
    for position, entry in enumerate(rows):
        row = row_from_mapping(entry, session_id, position, created, note)
        if row.id in seen:
            note(f"row {position + 1} had the id of an earlier row and got one of its own")
            fresh = derived_row_id(session_id, position, row.id)
            row = row_from_mapping({**entry, "id": fresh}, session_id, position, created, note)
        seen.add(row.id)
        read.append(row)
    return Session(
        session_id,
        owner,
        Dialog(tuple(read), extra=_rest(dialog, ("rows",))),
        created,
        updated,
        app_data or EMPTY,
        extra=_rest(mapping, _SESSION_KEYS),
    )


def row_from_mapping(entry: object, session_id: str, position: int, created: datetime, note: Note) -> Row:
    """Read one row; `position` counts from 0. Raises InvalidSession or a DialogError for what cannot be repaired."""
    where = f"row {position + 1}"
    if not isinstance(entry, Mapping):
        raise InvalidSession(f"{where} is not a mapping")
    text = entry.get("text")
    if not isinstance(text, str):
        raise InvalidSession(f"{where} has no text")
    row_id = entry.get("id")
    if not isinstance(row_id, str) or not row_id:
        row_id = derived_row_id(session_id, position)
        note(f"{where} had no id and got one")
    metadata = entry.get("metadata")
    if metadata is not None and not isinstance(metadata, Mapping):
        raise InvalidSession(f"{where}: its metadata is not a mapping")
    processed = entry.get("processed", True)
    if not isinstance(processed, bool):
        raise InvalidSession(f"{where}: processed is neither true nor false")
    try:
        return Row(
            text,
            Role.parse(entry.get("role")),
            _time(entry.get("timestamp"), f"{where}: timestamp", created, note),
            metadata or EMPTY,
            images_from_list(entry.get("images"), where),
            processed,
            row_id,
            extra=_rest(entry, _ROW_KEYS),
        )
    except DialogError as error:
        raise InvalidSession(f"{where}: {str(error).rstrip('.')}") from error


def images_from_list(images: object, where: str) -> tuple[Image, ...] | None:
    """Read a row's images; raise InvalidSession for what they cannot be."""
    if images is None:
        return None
    if not isinstance(images, list):
        raise InvalidSession(f"{where}: its images are not a list")
    return tuple(_image_from_mapping(image, where) for image in images)


def _image_from_mapping(image: object, where: str) -> Image:
    """Read one image."""
    if not isinstance(image, Mapping):
        raise InvalidSession(f"{where}: an image is not a mapping")
    data = image.get("data")
    try:
        content = None if data is None else base64.b64decode(data, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise InvalidSession(f"{where}: an image's data is not base64") from error
    return Image(
        image.get("mime"),
        content,
        width=image.get("width"),
        height=image.get("height"),
        **{key: image.get(key) for key in _IMAGE_TEXTS},
        extra=_rest(image, _IMAGE_KEYS),
    )


def _time(value: object, field: str, default: datetime, note: Note) -> datetime:
    """Read a time; a missing one is `default`, and that is said."""
    if isinstance(value, str) and value:
        return from_text(value, field)
    if value is not None:
        raise InvalidSession(f"{field} is not a time")
    note(f"{field} was missing and was filled in")
    return default


def _rest(mapping: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """Return the items under other keys than the known ones."""
    return {key: value for key, value in mapping.items() if key not in known}
