"""Looking at values of unknown shape: what is not of the wanted kind is None or empty, never an error."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from nova_tui.domain.row import Image
from nova_tui.domain.times import from_microseconds

MAX_KEPT_DEPTH: Final = 24
"""Levels of a source's record that are kept as they are; a deeper one is kept as JSON text."""

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
_DATA_URL: Final = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w.+=-]+)*?)(;base64)?,", re.IGNORECASE)


def as_mapping(value: object) -> dict[str, Any]:
    """Return a mapping as it is, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return a list as it is, an empty one for anything else."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return a text as it is, an empty one for anything else."""
    return value if isinstance(value, str) else ""


def text_or_none(value: object) -> str | None:
    """Return a text that is not blank, None for anything else."""
    return value if isinstance(value, str) and value.strip() else None


def as_json(value: object) -> str:
    """Return a value as readable JSON; a text stays what it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def parsed(text: object) -> Any:
    """Return the value of a JSON text where it is a mapping or a list of bearable depth, else what was given."""
    if not isinstance(text, str) or text[:1] not in ("{", "["):
        return text
    try:
        value = json.loads(text, parse_constant=_refuse)
        return value if depth(value) <= MAX_KEPT_DEPTH and _storable(value) else text
    except (ValueError, RecursionError):
        return text


def _refuse(name: str) -> None:
    """Refuse NaN and infinities."""
    raise ValueError(name)


def _storable(value: Any) -> bool:
    """Tell whether a database can hold a value: no NUL, no lone surrogate, no infinity."""
    text = json.dumps(value, ensure_ascii=False)
    return "\\u0000" not in text and "Infinity" not in text and text.encode("utf-8", "replace").decode() == text


def depth(value: Any, limit: int = 100) -> int:
    """Return how many mappings and lists a value has inside each other, counted up to `limit`."""
    level = [value]
    for count in range(limit):
        inner = [item for item in level if isinstance(item, dict | list)]
        if not inner:
            return count
        level = [item for holder in inner for item in (holder.values() if isinstance(holder, dict) else holder)]
    return limit


def kept(value: Any) -> Any:
    """Return a source's value as it is kept beside a row: whole, or as JSON text where it is nested very deep."""
    return value if depth(value) <= MAX_KEPT_DEPTH else json.dumps(value, ensure_ascii=False)


def without(mapping: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return the mapping less these keys."""
    return {key: value for key, value in mapping.items() if key not in keys}


# -- times ----------------------------------------------------------------------------------------------------------


def as_time(value: object) -> datetime | None:
    """Return a time in UTC from ISO 8601 or a number since 1970 (its size tells the unit), None for anything else.

    Zero and 1970 itself mean that the source did not know.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return _iso(str(value))
    if not isinstance(value, int | float) or value != value or value < 86_400:  # noqa: PLR0124  not a number
        return None
    unit = 1e9 if value > 1e17 else 1e6 if value > 1e14 else 1e3 if value > 1e11 else 1
    try:
        return from_microseconds(round(value / unit * 1e6))
    except (OverflowError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    """Read ISO 8601; a time without a zone is taken as UTC."""
    try:
        time = datetime.fromisoformat(text.strip())
        time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return time if time.year > 1970 else None


# -- images ---------------------------------------------------------------------------------------------------------


def image_mime(data: bytes) -> str | None:
    """Return what kind of image these bytes begin like."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for magic, mime in _MAGIC if data.startswith(magic)), None)


def image_of_url(url: str, **more: Any) -> Image:
    """Return the image of an address: a data URL is decoded, any other is kept and never fetched."""
    match = _DATA_URL.match(url)
    if match is None or not match[3]:
        return Image(url=url, **more)
    return image_of_base64(url[match.end() :], match[1], **more) or Image(url=url, **more)


def image_of_base64(text: object, mime: object = None, **more: Any) -> Image | None:
    """Return the image of base64 text, None where it is not base64."""
    if not isinstance(text, str):
        return None
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return Image(image_mime(data) or text_or_none(mime), data, **more)
