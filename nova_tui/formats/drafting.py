"""Draft: the rows of one conversation while an importer reads it, with derived ids, times and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.ids import derived_row_id, derived_session_id
from nova_tui.domain.native import row_to_mapping
from nova_tui.domain.row import HIDE, FunctionCall, Image, Role, Row
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.domain.times import to_text
from nova_tui.formats.format import Conversation, Counts, Reading
from nova_tui.formats.source import Source
from nova_tui.formats.values import as_json, kept, parsed

_COUNTED = {"tool_call": "tool", "tool_result": "tool", "thinking": "thinking", "event": "system"}


class Draft:
    """A conversation that is being read.

    The session's id follows from the user, the format and the source's id of the conversation; where it has none, from
    the file's bytes and the place in it. A row's id follows from the session's and the source's id of the message (or
    its place), so that reading a conversation that has grown gives the old rows their old ids.
    """

    def __init__(
        self,
        format: str,
        source: Source,
        reading: Reading,
        record: int,
        source_id: str | None = None,
        *,
        created: datetime | None = None,
        branch: str | None = None,
    ) -> None:
        self.counts = Counts()
        self.notes: list[str] = []
        self.losses: list[str] = []
        self.rows: list[Row] = []
        self.created = created
        self._source, self._reading = source, reading
        self._origin: dict[str, Any] = {
            "format": format,
            "file": source.name,
            "sha256": source.sha256,
            "record": record,
            "source_id": source_id,
            "imported_at": to_text(reading.at),
        }
        identity = source_id or f"sha256:{source.sha256}:{record}"
        if branch is not None:
            identity = f"{identity}~{branch}"
        self.session_id = derived_session_id(reading.user_id, format, identity)
        self._seen: dict[str, int] = {}
        self._calls: dict[str, int] = {}
        self._texts: dict[str, int] = {}

    def note_origin(self, **facts: Any) -> None:
        """Keep facts about where the conversation came from; None is left out."""
        self._origin |= {key: value for key, value in facts.items() if value is not None}

    # -- rows --------------------------------------------------------------------------------------------------------

    def add(
        self,
        role: Role | str,
        text: str,
        *,
        src_id: str | None = None,
        time: datetime | None = None,
        kind: str | None = None,
        hidden: bool = False,
        counted: str | None = None,
        images: Iterable[Image] = (),
        raw: object = None,
        **metadata: Any,
    ) -> Row:
        """Append a row: hidden when it has a kind; counted under its kind or role unless `counted` says otherwise."""
        role = Role.parse(role)
        own = {key: value for key, value in metadata.items() if value is not None}
        if src_id is not None:
            own = {"src_id": src_id, **own}
        if kind is not None or hidden:
            own = {HIDE: True, **({"kind": kind} if kind else {}), **own}
        if time is None:
            own["ts_source"] = "none" if self.created is None else "inherited"
        if raw is not None:
            own["raw"] = kept(raw)
        pictures = tuple(images)
        row = Row(text, role, self._time(time), own, pictures or None, id=self._row_id(src_id))
        self.rows.append(row)
        self.counts.add(counted or _COUNTED.get(kind or "", "hidden" if kind or hidden else role.value))
        if kind != "tool_result":
            self.counts.images += len(pictures)
        return row

    def remember(self, message_id: str | None) -> None:
        """Remember that the last row holds the text of a message that may go on."""
        if message_id is not None:
            self._texts[message_id] = len(self.rows) - 1

    def text_of(self, message_id: str | None) -> str | None:
        """Return the text of a remembered message, None where there is none."""
        return self.rows[self._texts[message_id]].text if message_id is not None and message_id in self._texts else None

    def set_text(self, message_id: str | None, text: str) -> None:
        """Give a remembered message another text."""
        place = self._texts[message_id or ""]
        self.rows[place] = self.rows[place].with_text(text)

    def hide_from(self, index: int, **metadata: Any) -> None:
        """Hide the rows from a place on: the source took them back."""
        for place, row in enumerate(self.rows[index:], index):
            if not row.hidden:
                self.counts.add(row.role.value, -1)
                self.counts.add("hidden")
                self.rows[place] = replace(row, metadata={HIDE: True, "kind": "hidden", **row.metadata, **metadata})

    def add_thinking(self, text: str, **more: Any) -> Row:
        """Append reasoning as a hidden row."""
        return self.add(Role.ASSISTANT, text, kind="thinking", **more)

    def add_call(self, name: str, arguments: object, call_id: str | None = None, **more: Any) -> Row:
        """Append a tool call as a hidden row, in readable and in structured form."""
        parameters = kept(parsed(arguments))
        call = FunctionCall(name, parameters, None, call_id)
        if call_id:
            self._calls[call_id] = len(self.rows)
        return self.add(
            Role.ASSISTANT,
            f"{name}({as_json(arguments) if arguments is not None else ''})",
            kind="tool_call",
            tool={"id": call_id, "name": name, "input": parameters},
            function_calls=[call.to_mapping()],
            **more,
        )

    def add_result(
        self,
        text: str,
        call_id: str | None = None,
        name: str | None = None,
        is_error: bool | None = None,
        **more: Any,
    ) -> Row:
        """Append what a tool answered as a hidden row, and put it into the structured form of the call."""
        called = self._answer(call_id, text) if call_id else None
        tool = {"id": call_id, "name": name or called, "is_error": is_error}
        return self.add(Role.SYSTEM, text, kind="tool_result", tool=tool, **more)

    def _answer(self, call_id: str, text: str) -> str | None:
        """Give the call of that id its result; return the tool's name, None where there is no such call."""
        index = self._calls.get(call_id)
        if index is None or index >= len(self.rows):
            return None
        row = self.rows[index]
        calls = [{**call.to_mapping(), "result": text} for call in row.function_calls]
        self.rows[index] = replace(row, metadata={**row.metadata, "function_calls": calls})
        return str(row.metadata["tool"]["name"])

    def _row_id(self, src_id: str | None) -> str:
        """Return the id of the next row: by the source's id and how often it came, else by its place."""
        if src_id is None:
            return derived_row_id(self.session_id, len(self.rows))
        count = self._seen.get(src_id, 0)
        self._seen[src_id] = count + 1
        return derived_row_id(self.session_id, count, f"id:{src_id}")

    def _time(self, time: datetime | None) -> datetime:
        """Return a row's time: its own, the conversation's, the file's, or that of the import."""
        return time or self.created or self._source.modified or self._reading.at

    # -- the whole ---------------------------------------------------------------------------------------------------

    def finish(
        self,
        *,
        title: str | None = None,
        names_itself: bool = False,
        updated: datetime | None = None,
        raw: Mapping[str, Any] | None = None,
        own: Mapping[str, Any] | None = None,
        tags: Iterable[str] = (),
    ) -> Conversation:
        """Return the session with its counts; `own` is put beside title and origin.

        With `names_itself` the count's title is, where the source has none, the beginning of what was asked first.
        """
        if self.rows:
            self._origin["last_row"] = self.rows[-1].id
        things: dict[str, Any] = {"title": title, "tags": list(tags), **(own or {}), "import": self._origin}
        if raw:
            things["raw"] = kept(dict(raw))
        created = self._time(min((row.timestamp for row in self.rows), default=None) if self.created is None else None)
        last = max((row.timestamp for row in self.rows), default=created)
        asked = (row.text for row in self.rows if row.role is Role.USER and not row.hidden)
        self.counts.title = title or (next(asked, "")[:60] if names_itself else "")
        session = Session(
            self.session_id,
            self._reading.user_id,
            Dialog(tuple(self.rows)),
            created,
            updated or max(created, last),
            {OWN_KEY: {key: value for key, value in things.items() if value not in (None, [], {})}},
        )
        empty = not self.rows and not session.own.get("branches")
        return Conversation(session, self.counts, tuple(self.notes), tuple(self.losses), empty)


def branch_of(leaf: str, fork: str | None, rows: Iterable[Row]) -> dict[str, Any]:
    """Return one entry of `app_data["nova_tui"]["branches"]`: rows, in native form, that the dialog does not show."""
    return {"leaf": leaf, "fork": fork, "rows": [row_to_mapping(row) for row in rows]}
