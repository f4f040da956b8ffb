"""Script: the file beside a session that tells how it is performed; what it says wins over the rows' own metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import ScriptError
from nova_tui.domain.session import Session
from nova_tui.performing.cue import DEFAULT_KEYS, read_cue
from nova_tui.performing.masks import Mask
from nova_tui.performing.script_file import FileCheck, parsed, text_of
from nova_tui.yamlio import Place

KEYS: Final = ("session", "seed", "size", "theme", "defaults", "rows", "mask", "outputs")
_SIZE: Final = re.compile(r"(\d{1,3})x(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Script:
    """A checked script; what it leaves out is None or empty."""

    path: str = ""
    session: str | None = None
    """The id, the beginning of the id, or the title of the session it was written for."""
    seed: int | None = None
    size: tuple[int, int] | None = None
    """Columns and rows of a recording."""
    theme: str | None = None
    outputs: tuple[str, ...] = ()
    """Files that a recording makes."""
    masks: tuple[Mask, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Settings of all rows, checked."""
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings of rows, by id or by number, checked."""
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)
    """The line on which each row is named."""

    def fits(self, session: Session) -> bool:
        """Tell whether the script was written for this session, or for any."""
        name = self.session
        return name is None or name == session.title or (len(name) >= 4 and session.id.startswith(name.lower()))

    def row_settings(self, dialog: Dialog) -> dict[str, Mapping[str, Any]]:
        """Return the settings by row id; raise ScriptError where the dialog has no such row."""
        ids = [row.id for row in dialog.rows]
        known = set(ids)
        found = {}
        for name, settings in self.rows.items():
            row_id = name if name in known else _numbered(name, ids)
            if row_id is None:
                raise ScriptError(self.path, f"line {self.lines.get(name, 0)}", f"there is no row {name}")
            found[row_id] = settings
        return found


def _numbered(name: str, ids: list[str]) -> str | None:
    """Return the row of a number, counted from 1 with hidden rows, or of the beginning of an id."""
    if name.isdecimal() and len(name) < 10 and 1 <= int(name) <= len(ids):
        return ids[int(name) - 1]
    begun = [row_id for row_id in ids if len(name) >= 4 and row_id.startswith(name)]
    return begun[0] if len(begun) == 1 else None


def load_script(path: Path) -> Script:
    """Read and check a script's file; raise ScriptError."""
    return read_script(text_of(path), str(path))


def read_script(text: str, path: str) -> Script:
    """Check the text of a script; raise ScriptError with the line of the first thing wrong with it."""
    mapping, lines = parsed(text, path)
    return _Check(path, lines).script({} if mapping is None else mapping)


class _Check(FileCheck):
    """Checks the values of a script."""

    __slots__ = ()

    def script(self, mapping: Any) -> Script:
        """Return the script."""
        mapping = self.top(mapping, KEYS)
        rows = self.mapping(mapping, "rows")
        return Script(
            path=self.path,
            session=self.text(mapping, "session"),
            seed=self.seed(mapping.get("seed")),
            size=self.size(mapping.get("size")),
            theme=self.text(mapping, "theme"),
            outputs=tuple(self.texts(mapping, "outputs")),
            masks=tuple(self.masks(mapping)),
            defaults=self.cue(("defaults",), self.mapping(mapping, "defaults"), DEFAULT_KEYS),
            rows={name: self.cue(("rows", name), {} if cue is None else cue) for name, cue in rows.items()},
            lines={name: self.lines.get(("rows", name), 0) for name in rows},
        )

    def cue(self, place: Place, mapping: Any, keys: tuple[str, ...] | None = None) -> dict[str, Any]:
        """Return the settings of one row, or of all."""

        def refuse(key: str, reason: str) -> None:
            raise self.error((*place, key) if key else place, reason)

        return read_cue(mapping, refuse, patterns=True, **({} if keys is None else {"keys": keys}))

    def mapping(self, mapping: dict[str, Any], key: str) -> dict[str, Any]:
        """Return a mapping, empty where there is none."""
        value = mapping.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.error((key,), "it is not a mapping of keys to values")
        return value or {}

    def text(self, mapping: dict[str, Any], key: str) -> str | None:
        """Return a text or None."""
        value = mapping.get(key)
        if value is not None and not isinstance(value, str):
            raise self.error((key,), "it needs a text; put a number in quotes")
        return value

    def texts(self, mapping: dict[str, Any], key: str) -> list[str]:
        """Return a list of texts."""
        value = mapping.get(key)
        items = [] if value is None else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            raise self.error((key,), "it needs a list of texts")
        return items

    def masks(self, mapping: dict[str, Any]) -> list[Mask]:
        """Return the masks."""
        masks = []
        for index, text in enumerate(self.texts(mapping, "mask")):
            try:
                masks.append(Mask.parse(text))
            except (re.error, RecursionError) as error:
                raise self.error(("mask", index), f"not a regular expression: {error}") from error
        return masks

    def seed(self, value: Any) -> int | None:
        """Return a seed."""
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self.error(("seed",), "it needs a whole number")
        return value

    def size(self, value: Any) -> tuple[int, int] | None:
        """Return columns and rows."""
        if value is None:
            return None
        match = _SIZE.fullmatch(value) if isinstance(value, str) else None
        if match is None or not (20 <= int(match[1]) <= 500 and 5 <= int(match[2]) <= 200):
            raise self.error(("size",), "it needs COLSxROWS, from 20x5 to 500x200")
        return int(match[1]), int(match[2])
