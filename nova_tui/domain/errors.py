"""The one tree of errors.

NovaError
├── DialogError              the model refuses a value or a verb
│   ├── RowNotFound
│   │   └── RowAmbiguous
│   ├── DuplicateRow
│   ├── InvalidRole
│   ├── InvalidText
│   ├── InvalidValue
│   ├── InvalidTime
│   ├── InvalidPosition
│   └── TooFewRows
├── StorageError             a store cannot do what was asked
│   ├── SessionNotFound
│   │   └── PrefixTooShort
│   ├── SessionAmbiguous
│   ├── SessionConflict
│   │   └── SessionInTrash
│   ├── SessionDamaged
│   ├── RevisionNotFound
│   ├── NothingToUndo
│   ├── InvalidSession
│   ├── StoreReadOnly
│   ├── StoreUnavailable
│   ├── StoreUnsupported
│   ├── UnknownStore
│   └── QueryError
├── FormatError              a chat file cannot be read or written
├── EditorError              an editor cannot be started, or fails
├── PatternError             a search pattern cannot be used
├── TemplateError            a template cannot be used
├── YamlError                a YAML text cannot be read
├── ThemeError               a theme cannot be used
├── ScriptError              the script of a performance cannot be used
├── RecordingError           a recording cannot be made
└── ConfigError              a setting cannot be used

A constructor takes facts and keeps them; the template of the class makes the sentence, of facts that were cleaned.
"""

from __future__ import annotations

from typing import Any, Final

from nova_tui.domain.safe_text import clean_line


class NovaError(Exception):
    """Anything nova-tui reports to a person."""

    template = "Something went wrong."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.template.format(**{name: clean_line(str(fact), 300) for name, fact in facts.items()}))


class DialogError(NovaError):
    """The model refuses a value or a verb."""


class RowNotFound(DialogError):
    """A row id that the dialog does not hold."""

    template = "There is no row {row_id} in this dialog{hint}."

    def __init__(self, row_id: str, hint: str = "") -> None:
        self.row_id = row_id
        super().__init__(row_id=row_id, hint=hint)


class RowAmbiguous(RowNotFound):
    """A beginning of a row id that several rows share."""

    template = "{row_id} is the beginning of several rows; give more digits."


class DuplicateRow(DialogError):
    """A row id that the dialog would hold twice."""

    template = "The row {row_id} would be in the dialog twice."

    def __init__(self, row_id: str) -> None:
        self.row_id = row_id
        super().__init__(row_id=row_id)


class InvalidRole(DialogError):
    """A role other than user, assistant and system."""

    template = "{role} is not a role; use user, assistant or system."

    def __init__(self, role: object) -> None:
        self.role = role
        super().__init__(role=repr(role))


class InvalidText(DialogError):
    """A text with a NUL or a lone surrogate, which no database holds."""

    template = "The {field} holds {found} at character {position}, which cannot be stored."

    def __init__(self, field: str, found: str, position: int) -> None:
        self.field, self.found, self.position = field, found, position
        super().__init__(field=field, found=found, position=position)


class InvalidValue(DialogError):
    """A value that JSON cannot hold (or that has no place in the model)."""

    template = "The {field} cannot hold {found}."

    def __init__(self, field: str, found: str) -> None:
        self.field, self.found = field, found
        super().__init__(field=field, found=found)


class InvalidTime(DialogError):
    """A time without a zone."""

    template = "The {field} needs a date and time with a time zone, not {found}."

    def __init__(self, field: str, found: object) -> None:
        self.field, self.found = field, found
        super().__init__(field=field, found=repr(found))


class InvalidPosition(DialogError):
    """A position outside the dialog or the text."""

    template = "{position} is not a position between {low} and {high}."

    def __init__(self, position: object, low: int, high: int) -> None:
        self.position, self.low, self.high = position, low, high
        super().__init__(position=position, low=low, high=high)


class TooFewRows(DialogError):
    """A verb that needs more rows than it was given."""

    template = "{verb} needs at least {least} rows."

    def __init__(self, verb: str, least: int) -> None:
        self.verb, self.least = verb, least
        super().__init__(verb=verb, least=least)


class StorageError(NovaError):
    """A store cannot do what was asked."""


class SessionNotFound(StorageError):
    """A session that the store does not hold for this user."""

    template = "There is no session {session_id} in this store."

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        super().__init__(session_id=session_id)


class PrefixTooShort(SessionNotFound):
    """A beginning of an id that is too short to name a session."""

    template = "{session_id} is too short; the beginning of an id needs at least 4 digits."


class SessionAmbiguous(StorageError):
    """A prefix that several sessions share."""

    template = "{prefix} is the beginning of {count} sessions; give more digits."

    def __init__(self, prefix: str, count: int) -> None:
        self.prefix, self.count = prefix, count
        super().__init__(prefix=prefix, count=count)


class SessionConflict(StorageError):
    """A save that is based on another revision than the stored one.

    Where they are known, `base` is the session that both changes began from, `theirs` the stored one and `mine` the
    one that was to be saved.
    """

    template = "Session {session_id} was changed meanwhile (stored revision {stored}, yours is based on {based_on})."

    def __init__(
        self,
        session_id: str,
        stored: int | None,
        based_on: int | None,
        *,
        base: Any = None,
        theirs: Any = None,
        mine: Any = None,
    ) -> None:
        self.session_id, self.stored, self.based_on = session_id, stored, based_on
        self.base, self.theirs, self.mine = base, theirs, mine
        super().__init__(
            session_id=session_id,
            stored="none" if stored is None else stored,
            based_on="none" if based_on is None else based_on,
        )


class SessionInTrash(SessionConflict):
    """Something to be done with a session that is in the trash."""

    template = "Session {session_id} is in the trash; restore brings it back, purge takes it out for ever."

    def __init__(self, session_id: str, based_on: int | None = None) -> None:
        super().__init__(session_id, None, based_on)


class SessionDamaged(StorageError):
    """A stored session that cannot be read."""

    template = "Session {session_id} cannot be read: {reason}"

    def __init__(self, session_id: str, reason: str) -> None:
        self.session_id, self.reason = session_id, reason
        super().__init__(session_id=session_id, reason=reason)


class RevisionNotFound(StorageError):
    """A revision that a session does not have."""

    template = "Session {session_id} has no revision {revision}."

    def __init__(self, session_id: str, revision: int) -> None:
        self.session_id, self.revision = session_id, revision
        super().__init__(session_id=session_id, revision=revision)


class NothingToUndo(StorageError):
    """An undo at the first revision, or a redo where nothing was undone."""

    template = "There is nothing to {verb} in session {session_id}."

    def __init__(self, verb: str, session_id: str) -> None:
        self.verb, self.session_id = verb, session_id
        super().__init__(verb=verb, session_id=session_id)


class InvalidSession(StorageError):
    """A session that no store takes."""

    template = "The session cannot be stored: {reason}."

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)


class StoreReadOnly(StorageError):
    """A change to a store that was opened for reading only."""

    template = "{place} is open for reading only."

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(place=place)


class StoreUnavailable(StorageError):
    """A store that cannot be reached, opened, read or written."""

    template = "{place} cannot be used: {reason}"

    def __init__(self, place: str, reason: str) -> None:
        self.place, self.reason = place, reason
        super().__init__(place=place, reason=reason)


INTERRUPTED: Final = "the search or read was interrupted"
"""Why a store is unavailable to a read that another thread stopped."""
DAMAGED: Final = "the file is damaged; restore a backup, or run check"
"""Why a store is unavailable whose file is not what was written."""


class StoreUnsupported(StorageError):
    """Something this kind of store cannot do."""

    template = "This kind of store has no {capability}."

    def __init__(self, capability: str) -> None:
        self.capability = capability
        super().__init__(capability=capability)


class UnknownStore(StorageError):
    """A store URL that names no provider."""

    template = (
        "{url} is not a store; use memory:, file:///folder, sqlite:///file.db, "
        "postgresql://…, an existing folder, or a path ending in .db or .sqlite."
    )

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(url=url)


class QueryError(StorageError):
    """A search that cannot be understood."""

    template = "{reason}"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)


class FormatError(NovaError):
    """A chat file that cannot be read or written; `where` is the place in it, such as `line 3`, or empty."""

    def __init__(self, reason: str, where: str = "") -> None:
        self.reason, self.where = reason, where
        self.template = "{where}: {reason}" if where else "{reason}"
        super().__init__(reason=reason, where=where)


class EditorError(NovaError):
    """An editor that cannot be started, or that fails."""

    template = "The editor {editor} {reason}."

    def __init__(self, editor: str, reason: str) -> None:
        self.editor, self.reason = editor, reason
        super().__init__(editor=editor, reason=reason)


class PatternError(NovaError):
    """A search pattern, or its replacement, that cannot be used or takes too long."""

    template = "{reason}"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)


class TemplateError(NovaError):
    """A template that cannot be used: which one, and why."""

    template = "The template {name} {reason}."

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(name=name, reason=reason)


class YamlError(NovaError):
    """A YAML text that cannot be read; `line` counts from 1, 0 where it is not known."""

    def __init__(self, reason: str, line: int = 0) -> None:
        self.reason, self.line = reason, line
        self.template = "line {line}: {reason}" if line else "{reason}"
        super().__init__(reason=reason, line=line)


class ThemeError(NovaError):
    """A theme file that cannot be used: which file, which key, and why."""

    template = "{file}: {key}: {reason}"

    def __init__(self, file: str, key: str, reason: str) -> None:
        self.file, self.key, self.reason = file, key, reason
        super().__init__(file=file, key=key, reason=reason)


class ScriptError(NovaError):
    """A script of a performance that cannot be used: which file or row, the place in it, and why."""

    template = "{file}: {where}: {reason}"

    def __init__(self, file: str, where: str, reason: str) -> None:
        self.file, self.where, self.reason = file, where, reason
        super().__init__(file=file, where=where, reason=reason)


class ConfigError(NovaError):
    """A setting that cannot be used: which file or variable, which key, and why."""

    template = "{source}: {key}: {reason}"

    def __init__(self, source: str, key: str, reason: str) -> None:
        self.source, self.key, self.reason = source, key, reason
        super().__init__(source=source, key=key, reason=reason)


class RecordingError(NovaError):
    """A recording that cannot be made or written."""

    template = "{reason}"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)
