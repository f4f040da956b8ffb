"""Patches as JSON values: what a store writes down for each revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nova_tui.domain.difference import Patch
from nova_tui.domain.errors import InvalidSession
from nova_tui.domain.frozen import freeze_mapping
from nova_tui.domain.native import row_from_mapping, row_to_mapping
from nova_tui.domain.row import Row
from nova_tui.domain.times import from_text, now, to_text

_TIMES: Final = ("created_at", "updated_at")


def patch_to_mapping(patch: Patch) -> dict[str, Any]:
    """Return a patch as JSON values; what it does not do is left out."""
    mapping = {
        "drop": list(patch.drop),
        "put": [[position, row_to_mapping(row)] for position, row in patch.put],
        "change": [row_to_mapping(row) for row in patch.change],
        "move": [[row_id, position] for row_id, position in patch.move],
        "fields": {name: to_text(value) if name in _TIMES else value for name, value in patch.fields},
    }
    return {key: value for key, value in mapping.items() if value}


def patch_from_mapping(mapping: Mapping[str, Any]) -> Patch:
    """Read a patch; raise a NovaError, ValueError, TypeError or KeyError for what is none."""
    fields = dict(mapping.get("fields", {}))
    return Patch(
        tuple(mapping.get("drop", ())),
        tuple((position, _row(row)) for position, row in mapping.get("put", ())),
        tuple(_row(row) for row in mapping.get("change", ())),
        tuple((row_id, position) for row_id, position in mapping.get("move", ())),
        tuple(
            (name, from_text(value) if name in _TIMES else freeze_mapping(value, name))
            for name, value in fields.items()
        ),
    )


def _row(mapping: Mapping[str, Any]) -> Row:
    """Read a row that was written whole."""
    return row_from_mapping(mapping, "", 0, now(), _refuse)


def _refuse(sentence: str) -> None:
    """Refuse a repair: what the store wrote needs none."""
    raise InvalidSession(sentence)
