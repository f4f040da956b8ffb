"""Identifiers of sessions and rows: random for new things, derived for imported ones."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

from nova_tui.domain.errors import InvalidSession

_SESSION_ID: Final = re.compile(r"[0-9a-f]{32}")


def new_session_id() -> str:
    """Return 16 random bytes as 32 lower-case hex digits."""
    return secrets.token_hex(16)


def new_row_id() -> str:
    """Return 8 random bytes as 16 lower-case hex digits."""
    return secrets.token_hex(8)


def _digest(parts: tuple[str, ...], digits: int) -> str:
    """Hash the parts (SHA-256, each with its length so that no two lists of parts read the same)."""
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def derived_session_id(user_id: str, source_format: str, source_id: str) -> str:
    """Return the id that this user's import of this conversation always gets."""
    return _digest(("session", user_id, source_format, source_id), 32)


def derived_row_id(session_id: str, position: int, salt: str = "") -> str:
    """Return the id of a row that came without one; `salt` tells rows apart that would get the same."""
    return _digest(("row", session_id, str(position), salt), 16)


def is_session_id(text: object) -> bool:
    """Tell whether `text` has the form of a session id."""
    return isinstance(text, str) and _SESSION_ID.fullmatch(text) is not None


def checked_session_id(text: object) -> str:
    """Return `text` when it has the form of a session id; raise InvalidSession otherwise."""
    if not isinstance(text, str) or not is_session_id(text):
        raise InvalidSession("its id is not 32 lower-case hex digits")
    return text
