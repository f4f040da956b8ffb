"""SessionPanels: the panels that are about several sessions: find and replace, templates, comparing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work

from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.panels import Panels
from nova_tui.tui.screens.session_verbs import count_of
from nova_tui.tui.type_ahead import hold_keys, release_keys

if TYPE_CHECKING:
    from nova_tui.services.library import Library
    from nova_tui.services.templating import Template
    from nova_tui.tui.screens.hit_finder import Place, Scope
    from nova_tui.tui.screens.replace_screen import Typed


class SessionPanels(Panels):
    """Opens them for what is marked or listed."""

    _typed: Typed | None = None

    # -- find and replace --------------------------------------------------------------------------------------------

    def action_find_and_replace(self) -> None:
        """Look in the rows or sessions that are meant."""
        hold_keys(self)
        self._find_and_replace()

    @work
    async def _find_and_replace(self) -> None:
        """Show every hit; replace those that are taken."""
        from nova_tui.tui.screens.hit_finder import HitFinder  # noqa: PLC0415  not at the start
        from nova_tui.tui.screens.replace_screen import ReplaceScreen, Typed  # noqa: PLC0415  as said above

        with reporting(self):
            in_list, rows = self.in_list, self.bench.dialog.view.marked
            session = await self.read_meant()
            if session is None:
                return
            scopes = self._scopes_in_list(session) if in_list else self._scopes_in_dialog(session, rows)
            screen = ReplaceScreen(HitFinder(self._storage), scopes, self._typed or Typed())
            places = await self.app.push_screen_wait(screen)
            self._typed = screen.typed
            if places:
                await self._replace(session, places)

    def _scopes_in_dialog(self, session: Session, rows: Sequence[str]) -> list[Scope]:
        """Return where to look from the dialog: the marked rows, all rows, all that is listed."""
        from nova_tui.tui.screens.hit_finder import Scope  # noqa: PLC0415  not at the start

        here = [session.id]
        scopes = (
            [Scope(f"{len(rows):,} marked row{'' if len(rows) == 1 else 's'}", here, rows, session)] if rows else []
        )
        return [*scopes, Scope("this dialog", here, None, session), *self._all_listed()]

    def _scopes_in_list(self, session: Session) -> list[Scope]:
        """Return where to look from the list: the marked sessions, the one under the cursor, all that is listed."""
        from nova_tui.tui.screens.hit_finder import Scope  # noqa: PLC0415  not at the start

        marked = [one for one in self.sessions.session_list.chosen if one in self.sessions.session_list.marked]
        scopes = [Scope(f"{len(marked):,} marked session{'' if len(marked) == 1 else 's'}", marked)] if marked else []
        return [*scopes, Scope(f"“{clean_line(session.title, 40)}”", [session.id], None, session), *self._all_listed()]

    def _all_listed(self) -> list[Scope]:
        """Return the scope of all sessions that are listed, where they are more than one."""
        from nova_tui.tui.screens.hit_finder import Scope  # noqa: PLC0415  not at the start

        ids = list(self.sessions.session_list.ids)
        return [Scope(f"all {len(ids):,} listed sessions", ids)] if len(ids) > 1 else []

    async def _replace(self, shown: Session, places: Sequence[Place]) -> None:
        """Replace hits, in one session or in many, as one step of undo."""
        from nova_tui.services.replacing import replacing_note  # noqa: PLC0415  not at the start
        from nova_tui.tui.screens.replacing_verb import ReplacingVerb  # noqa: PLC0415  as said above

        verb = ReplacingVerb(places)
        hits = f"{len(places):,} hit{'' if len(places) == 1 else 's'}"
        if verb.session_ids == [shown.id]:
            if await self.change_session(shown, verb, replacing_note(len(places))) is not None:
                self.app.notify(f"Replaced {hits}. u takes it back.", markup=False)
        else:
            await self.desk.change_sessions(
                verb.session_ids,
                "replace",
                verb,
                lambda outcome: f"Replaced {hits} in {count_of(len(outcome.changes))}. u takes it back.",
            )

    # -- side by side ------------------------------------------------------------------------------------------------

    def action_compare_sessions(self) -> None:
        """Show the two marked sessions."""
        hold_keys(self)
        self._compare_sessions()

    @work
    async def _compare_sessions(self) -> None:
        """Read both and show them side by side."""
        from nova_tui.tui.screens.compare_screen import Side  # noqa: PLC0415  not at the start

        with reporting(self):
            listed = self.sessions.session_list
            ids = [one for one in listed.ids if one in listed.marked]
            ids += sorted(listed.marked.difference(ids))
            left, right = [await self.read_session(one) for one in ids]
            await self.compare(Side(left.title, left), Side(right.title, right))
        release_keys(self)

    # -- templates ---------------------------------------------------------------------------------------------------

    def action_new_from_template(self) -> None:
        """Ask for a template."""
        hold_keys(self)
        self._new_from_template()

    @work
    async def _new_from_template(self) -> None:
        """Ask which template, and what its placeholders stand for; make the session and go there."""
        from nova_tui.tui.screens.choice_screen import ChoiceScreen  # noqa: PLC0415  not at the start
        from nova_tui.tui.screens.template_screen import TemplateScreen  # noqa: PLC0415  as said above

        with reporting(self):
            templates = {one.name: one for one in await self._storage.read(_templates)}
            choices = [(one.name, one.title, _about(one)) for one in templates.values()]
            name = await self.app.push_screen_wait(ChoiceScreen("New from a template", choices))
            if name is None:
                return
            template = templates[name]
            values: dict[str, str] | None = {}
            if template.placeholders:
                hold_keys(self)
                values = await self.app.push_screen_wait(TemplateScreen(template.title, template.placeholders))
            if values is not None:
                session = await self._changes.add(template.filled(values, self._storage.user_id))
                self.sessions.recount()
                self.open_session(session.id)

    def action_make_template(self) -> None:
        """Turn the sessions into templates, or back."""
        self._make_template(self.desk.targets if self.in_list else [self.meant or ""])

    @work
    async def _make_template(self, session_ids: list[str]) -> None:
        """Mark sessions as templates, or take that away when the first one is one."""
        from nova_tui.services.templating import is_template, marked  # noqa: PLC0415  not at the start

        with reporting(self):
            on = not is_template(await self.read_session(session_ids[0]))
            done = "can be taken as template now; N makes sessions of it" if on else "is no template any more"
            await self.desk.change_sessions(
                session_ids,
                "template" if on else "no template",
                lambda session: session if is_template(session) == on else marked(session, on),
                lambda outcome: f"{count_of(len(outcome.changes)).capitalize()} {done}.",
            )

    def open_session(self, session_id: str) -> object:
        """Go to a session wherever it is listed."""
        raise NotImplementedError


def _templates(library: Library) -> list[Template]:
    """Return the person's templates and the program's."""
    from nova_tui.services.templating import built_in_templates, tagged_templates  # noqa: PLC0415  not at the start

    return [*tagged_templates(library), *built_in_templates()]


def _about(template: Template) -> str:
    """Return what a menu says of a template."""
    rows, places = len(template.session.dialog.rows), len(template.placeholders)
    facts = [f"{rows:,} row{'' if rows == 1 else 's'}"]
    if places:
        facts.append(f"{places:,} to fill in")
    return " · ".join(["built in", *facts] if template.built_in else facts)
