"""Templates: sessions with placeholders such as `{{name}}`, from which new sessions are made.

Some come with the program; any session of a store is one too when `app_data["nova_tui"]["template"]` is true.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import SessionDamaged, SessionNotFound, TemplateError
from nova_tui.domain.folding import fold
from nova_tui.domain.ids import derived_session_id, is_session_id, new_row_id, new_session_id
from nova_tui.domain.native import session_from_mapping
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.domain.times import now, to_text
from nova_tui.services.library import Library
from nova_tui.yamlio import read_yaml

FOLDER: Final = Path(__file__).parent / "templates"
"""The templates that come with the program: the native format without ids, named by their files."""
MARK: Final = "template"
"""The key of nova-tui's own app data that makes a session a template, and the tag by which a list shows it."""
_PLACEHOLDER: Final = re.compile(r"\{\{[ \t]*([^\W\d][\w.-]*)[ \t]*\}\}")


@dataclass(frozen=True)
class Template:
    """A session to make others from, and the name by which it is asked for."""

    name: str
    """The name of a built-in template, or the id of a session."""
    session: Session
    built_in: bool

    @property
    def title(self) -> str:
        """What it is called, placeholders and all."""
        return self.session.title

    @property
    def placeholders(self) -> list[str]:
        """The names of its placeholders, in the order in which they first stand in it."""
        return placeholders_of(self.session)

    def to_mapping(self) -> dict[str, Any]:
        """Return what a list of templates tells as JSON values."""
        return {
            "name": self.name,
            "title": self.title,
            "built_in": self.built_in,
            "rows": len(self.session.dialog.rows),
            "placeholders": self.placeholders,
        }

    def filled(self, values: Mapping[str, str], user_id: str, *, at: datetime | None = None) -> Session:
        """Return a new session of that user with the values in the places of their names; others stay open.

        Raises TemplateError for a value that has no place.
        """
        known = self.placeholders
        for name in values:
            if name not in known:
                has = f"its placeholders are {', '.join(known)}" if known else "it has none"
                raise TemplateError(self.title, f"has no placeholder {name}; {has}")
        time = at if at is not None else now()
        rows = [
            dataclasses.replace(row, id=new_row_id(), text=filled_text(row.text, values), timestamp=time)
            for row in self.session.dialog.rows
        ]
        own = {key: value for key, value in self.session.own.items() if key not in _NOT_TAKEN_OVER}
        if self.session.typed_title is not None:
            own["title"] = filled_text(self.session.typed_title, values)
        if tags := [tag for tag in self.session.tags if tag != MARK]:
            own["tags"] = tags
        own["lineage"] = {"template": self.name, "at": to_text(time)}
        return Session(
            new_session_id(),
            user_id,
            Dialog(tuple(rows), extra=self.session.dialog.extra),
            time,
            time,
            {**self.session.app_data, OWN_KEY: own},
            extra=self.session.extra,
        )


_NOT_TAKEN_OVER: Final = (MARK, "tags", "starred", "archived", "import", "lineage")


def filled_text(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the values in the places of their names; a value is not looked through again."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def placeholders_of(session: Session) -> list[str]:
    """Return the names of the placeholders in a session's title and rows, each once, in order."""
    texts = [session.typed_title or "", *(row.text for row in session.dialog.rows)]
    return list(dict.fromkeys(match[1] for text in texts for match in _PLACEHOLDER.finditer(text)))


# -- which there are ----------------------------------------------------------------------------------------------


def is_template(session: Session) -> bool:
    """Tell whether new sessions are made from a session."""
    return session.own.get(MARK) is True


def marked(session: Session, on: bool = True) -> Session:
    """Return the session as a template, or not any more; the tag lets a list show it."""
    own = {key: value for key, value in session.own.items() if key != MARK}
    if on:
        own[MARK] = True
    changed = session.put_app_data(OWN_KEY, own) if is_template(session) != on else session
    if on == (MARK in changed.tags):
        return changed
    return changed.with_tags([tag for tag in changed.tags if tag != MARK] + ([MARK] if on else []))


def built_in_templates() -> list[Template]:
    """Return the templates that come with the program, by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.yaml"))]


def _read(path: Path) -> Template:
    """Read a template of the program's own."""
    mapping = {**read_yaml(path.read_text(encoding="utf-8")), "user_id": "nova-tui"}
    session_id = derived_session_id("nova-tui", "template", path.stem)
    return Template(path.stem, session_from_mapping(mapping, new_id=lambda: session_id), built_in=True)


def stored_templates(library: Library, session_ids: Iterable[str] | None = None) -> Iterator[Template]:
    """Yield the sessions of a store that are templates, newest change first; one is loaded at a time.

    Where `session_ids` is left out, all sessions are looked through.
    """
    ids = library.store.session_ids(library.user_id) if session_ids is None else session_ids
    for session_id in ids:
        try:
            session = library.store.load(session_id)
        except (SessionDamaged, SessionNotFound):
            continue
        if is_template(session):
            yield Template(session.id, session, built_in=False)


def tagged_templates(library: Library) -> list[Template]:
    """Return the templates that a list can show at once: those that were marked here, and so have the tag."""
    found = [
        summary.id
        for archived in (False, True)
        for summary in library.summaries(tag=MARK, archived=archived)
        if summary.damaged is None
    ]
    return list(stored_templates(library, found))


def template_named(library: Library, name: str) -> Template:
    """Return the template of a name, a title, or a session's id or unique beginning of it; raise TemplateError."""
    built_in = {template.name: template for template in built_in_templates()}
    if name in built_in:
        return built_in[name]
    if is_session_id(name) or re.fullmatch(r"[0-9a-f]{4,31}", name):
        try:
            session = library.load(name)
        except SessionNotFound:
            pass
        else:
            if is_template(session):
                return Template(session.id, session, built_in=False)
            raise TemplateError(name, "is a session that is not marked as a template")
    wanted = fold(name)
    titled = [one for one in stored_templates(library, library.store.session_ids(library.user_id, filter=name))
              if fold(one.title) == wanted]  # fmt: skip
    if len(titled) > 1:
        raise TemplateError(name, f"is the title of {len(titled)} sessions; give an id")
    if titled:
        return titled[0]
    raise TemplateError(name, f"is not there; use {', '.join(built_in)}, or the id or title of a session")
