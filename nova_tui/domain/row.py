"""Row: one message of a dialog, with its role, images and tool calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from nova_tui.domain.errors import InvalidRole, InvalidValue
from nova_tui.domain.frozen import EMPTY, checked_text, freeze, freeze_mapping
from nova_tui.domain.ids import new_row_id
from nova_tui.domain.times import checked_time, now

HIDE: Final = "hide_row"
"""Metadata key of a hidden row."""
EXCLUDE: Final = "exclude_export"
"""Metadata key of a row that dataset exports leave out."""


class Role(StrEnum):
    """Who speaks in a row."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"

    @classmethod
    def parse(cls, value: object) -> Role:
        """Return the role of that name; raise InvalidRole for any other value."""
        try:
            return cls(str(value))
        except ValueError as error:
            raise InvalidRole(value) from error

    def next(self) -> Role:
        """Return the role after this one: user, assistant, system, and round again."""
        roles = list(Role)
        return roles[(roles.index(self) + 1) % len(roles)]

    def other_speaker(self) -> Role:
        """Return who usually speaks after this role: the assistant after the user, else the user."""
        return Role.ASSISTANT if self is Role.USER else Role.USER


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a row: its bytes (`data`), or a `path` or `url` that nova-tui never fetches; sizes in pixels."""

    mime: str | None = None
    data: bytes | None = field(default=None, repr=False)
    path: str | None = None
    url: str | None = None
    name: str | None = None
    width: int | None = None
    height: int | None = None
    alt: str | None = None
    extra: Mapping[str, Any] = field(default=EMPTY, kw_only=True)
    """Keys of the source that the model does not know, kept as they are."""

    def __post_init__(self) -> None:
        for name in ("mime", "path", "url", "name", "alt"):
            if (value := getattr(self, name)) is not None:
                checked_text(value, f"image {name}")
        for name in ("width", "height"):
            if (value := getattr(self, name)) is not None and (isinstance(value, bool) or not isinstance(value, int)):
                raise InvalidValue(f"image {name}", f"a value of type {type(value).__name__}")
        if self.data is not None and not isinstance(self.data, bytes):
            raise InvalidValue("image data", f"a value of type {type(self.data).__name__}")
        object.__setattr__(self, "extra", freeze_mapping(self.extra, "image"))


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A tool call in structured form; `parameters` and `result` are JSON values."""

    function_name: str
    parameters: Any = None
    result: Any = None
    completion_id: str | None = None
    finish_reason: str | None = None

    def __post_init__(self) -> None:
        checked_text(self.function_name, "function name")
        for name in ("parameters", "result", "completion_id", "finish_reason"):
            object.__setattr__(self, name, freeze(getattr(self, name), f"function call {name}"))

    def to_mapping(self) -> dict[str, Any]:
        """Return the five keys that `metadata["function_calls"]` lists."""
        return {
            "function_name": self.function_name,
            "parameters": self.parameters,
            "result": self.result,
            "completion_id": self.completion_id,
            "finish_reason": self.finish_reason,
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> FunctionCall:
        """Read the five keys; a missing one is None, and raise InvalidValue without a name."""
        names = [entry.name for entry in dataclasses.fields(cls)]
        return cls(**{"function_name": None, **{name: mapping[name] for name in names if name in mapping}})


@dataclass(frozen=True, slots=True)
class Row:
    """One message: who said what, when. An edited row keeps its id, a copied row gets a new one."""

    text: str
    role: Role = Role.USER
    timestamp: datetime = field(default_factory=now)
    metadata: Mapping[str, Any] = EMPTY
    images: tuple[Image, ...] | None = None
    processed: bool = True
    id: str = field(default_factory=new_row_id)
    extra: Mapping[str, Any] = field(default=EMPTY, kw_only=True)
    """Keys of the source that the model does not know, kept as they are."""

    def __post_init__(self) -> None:
        checked_text(self.text, "text")
        checked_text(self.id, "row id")
        if not self.id:
            raise InvalidValue("row id", "an empty text")
        if type(self.role) is not Role:
            object.__setattr__(self, "role", Role.parse(self.role))
        if not isinstance(self.processed, bool):
            raise InvalidValue("processed", f"a value of type {type(self.processed).__name__}")
        object.__setattr__(self, "timestamp", checked_time(self.timestamp, "timestamp"))
        object.__setattr__(self, "metadata", freeze_mapping(self.metadata, "metadata"))
        object.__setattr__(self, "extra", freeze_mapping(self.extra, "row"))
        if self.images is not None:
            object.__setattr__(self, "images", _checked_images(self.images))

    @property
    def hidden(self) -> bool:
        """Whether the row is left out when reading or playing."""
        return self.metadata.get(HIDE) is True

    @property
    def excluded(self) -> bool:
        """Whether dataset exports leave the row out."""
        return self.metadata.get(EXCLUDE) is True

    @property
    def kind(self) -> str | None:
        """What a hidden row is: tool_call, tool_result, thinking, compact_summary, event, hidden; None for others."""
        kind = self.metadata.get("kind")
        return kind if isinstance(kind, str) else None

    @property
    def function_calls(self) -> tuple[FunctionCall, ...]:
        """The tool calls of the row's metadata; entries that are none are passed over."""
        calls = self.metadata.get("function_calls")
        if not isinstance(calls, list):
            return ()
        named = (call for call in calls if isinstance(call, dict) and isinstance(call.get("function_name"), str))
        return tuple(FunctionCall.from_mapping(call) for call in named)

    def copied(self) -> Row:
        """Return the same row with an id of its own."""
        return dataclasses.replace(self, id=new_row_id())

    def with_text(self, text: str) -> Row:
        """Return the row with another text."""
        return self if text == self.text else dataclasses.replace(self, text=text)

    def with_role(self, role: Role | str) -> Row:
        """Return the row with another role."""
        return dataclasses.replace(self, role=Role.parse(role))

    def with_hidden(self, hidden: bool = True) -> Row:
        """Return the row hidden or shown."""
        return self._with_switch(HIDE, hidden)

    def with_excluded(self, excluded: bool = True) -> Row:
        """Return the row left out of dataset exports, or not."""
        return self._with_switch(EXCLUDE, excluded)

    def _with_switch(self, key: str, on: bool) -> Row:
        """Set a switch to true, or take its key away; other metadata keeps its order."""
        if (self.metadata.get(key) is True) == on:
            return self
        metadata = freeze_mapping(self.metadata, "metadata")
        return dataclasses.replace(self, metadata=metadata | {key: True} if on else metadata.without(key))


def _checked_images(images: Iterable[Image]) -> tuple[Image, ...]:
    """Return the images as a tuple; raise InvalidValue where one is not an Image."""
    images = tuple(images)
    for image in images:
        if not isinstance(image, Image):
            raise InvalidValue("images", f"a value of type {type(image).__name__}")
    return images
