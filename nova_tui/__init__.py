"""nova-tui: browse, edit and perform chat sessions in the terminal.

The public names load what they need when they are first used: `import nova_tui` alone loads neither Textual, nor Click,
nor SQLite.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nova_tui.domain.dialog import Dialog as Dialog
    from nova_tui.domain.draft import Draft as Draft
    from nova_tui.domain.errors import *  # noqa: F403
    from nova_tui.domain.revision import Revision as Revision
    from nova_tui.domain.row import FunctionCall as FunctionCall
    from nova_tui.domain.row import Image as Image
    from nova_tui.domain.row import Role as Role
    from nova_tui.domain.row import Row as Row
    from nova_tui.domain.search import SearchHit as SearchHit
    from nova_tui.domain.session import Session as Session
    from nova_tui.domain.summary import SessionSummary as SessionSummary
    from nova_tui.storage.provider import SessionStorageProvider as SessionStorageProvider
    from nova_tui.storage.url import open_store as open_store

__version__ = "0.1.0"

_ERRORS = (
    "ConfigError",
    "DialogError",
    "DuplicateRow",
    "EditorError",
    "FormatError",
    "InvalidPosition",
    "InvalidRole",
    "InvalidSession",
    "InvalidText",
    "InvalidTime",
    "InvalidValue",
    "NothingToUndo",
    "NovaError",
    "PatternError",
    "PrefixTooShort",
    "QueryError",
    "RecordingError",
    "RevisionNotFound",
    "RowAmbiguous",
    "RowNotFound",
    "ScriptError",
    "SessionAmbiguous",
    "SessionConflict",
    "SessionDamaged",
    "SessionInTrash",
    "SessionNotFound",
    "StorageError",
    "StoreReadOnly",
    "StoreUnavailable",
    "StoreUnsupported",
    "TemplateError",
    "ThemeError",
    "TooFewRows",
    "UnknownStore",
    "YamlError",
)

_HOMES = {
    "Dialog": "domain.dialog",
    "Draft": "domain.draft",
    "FunctionCall": "domain.row",
    "Image": "domain.row",
    "Revision": "domain.revision",
    "Role": "domain.row",
    "Row": "domain.row",
    "SearchHit": "domain.search",
    "Session": "domain.session",
    "SessionStorageProvider": "storage.provider",
    "SessionSummary": "domain.summary",
    "open_store": "storage.url",
    **dict.fromkeys(_ERRORS, "domain.errors"),
}

__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return list(__all__)
