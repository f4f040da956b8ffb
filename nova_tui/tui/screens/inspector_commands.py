"""What can be done with the values of a row or a session."""

from __future__ import annotations

from textual.screen import ModalScreen
from textual.widget import Widget

from nova_tui.services.inspecting import Node
from nova_tui.tui.commands import Command, CommandHost


class InspectorHost(ModalScreen[None], CommandHost):
    """What the commands need to know."""

    read_only = False
    """Whether nothing may be changed."""
    of_row = False
    """Whether it is a row that is inspected."""

    @property
    def node(self) -> Node | None:
        """The line under the cursor."""
        raise NotImplementedError


class InspectorCommand(Command):
    """Something to do with the value under the cursor."""

    group = "Inspector"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible at any time."""
        return isinstance(host, InspectorHost) and host.is_mounted


class ChangeValue(InspectorCommand):
    """Something that changes the value under the cursor."""

    @classmethod
    def possible(cls, node: Node) -> bool:
        """Tell whether this is a value for it."""
        return node.editable

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a value, and a store that may be changed."""
        if not isinstance(host, InspectorHost) or not host.is_mounted or host.read_only:
            return False
        return host.node is not None and cls.possible(host.node)


class EditValue(ChangeValue):
    """Give the value another one of its type; true and false change places at once."""

    id, keys, label = "inspector.edit", "enter,e", "edit"


class RetypeValue(ChangeValue):
    """Put any JSON value in its place, of whatever type."""

    id, keys, label = "inspector.retype", "t", "any type"

    @classmethod
    def possible(cls, node: Node) -> bool:
        """Leave the model's own values alone."""
        return node.editable and len(node.path) > 1 and node.path[0] != "images"


class AddValue(ChangeValue):
    """Add a value to the mapping or list."""

    id, keys, label = "inspector.add", "a", "add"

    @classmethod
    def possible(cls, node: Node) -> bool:
        """Add where there is a mapping or a list around."""
        return (node.open or len(node.path) > 1) and node.path[0] != "images"


class RenameKey(ChangeValue):
    """Give the key another name; it stays in its place."""

    id, keys, label = "inspector.rename", "r,f2", "rename"

    @classmethod
    def possible(cls, node: Node) -> bool:
        """Rename keys of mappings."""
        return len(node.path) > 1 and isinstance(node.path[-1], str) and node.path[0] != "images"


class RemoveValue(ChangeValue):
    """Take the value away, or the picture; undo brings it back."""

    id, keys, label = "inspector.remove", "d,delete", "remove"

    @classmethod
    def possible(cls, node: Node) -> bool:
        """Leave the model's own values alone."""
        return len(node.path) > 1 and (node.path[0] != "images" or len(node.path) == 2 or "extra" in node.path)


class AttachPicture(InspectorCommand):
    """Attach a picture from a file; it is shown first."""

    id, keys, label = "inspector.attach", "p", "picture"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Pictures belong to rows."""
        return isinstance(host, InspectorHost) and host.of_row and not host.read_only


class FoldValue(InspectorCommand):
    """Fold what is below the line, or unfold it."""

    id, keys, label, footer = "inspector.fold", "enter,space,left,right", "fold", False

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need something below the line."""
        return isinstance(host, InspectorHost) and host.is_mounted and bool(host.node and host.node.children)


class UndoValue(InspectorCommand):
    """Take the last change of the session back."""

    id, keys, label = "inspector.undo", "u,ctrl+z", "undo"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that may be changed."""
        return isinstance(host, InspectorHost) and not host.read_only


class LeaveInspector(InspectorCommand):
    """Go back; every change is stored already."""

    id, keys, label = "inspector.leave", "escape,q,i,I", "back"
    key_display = "Esc"
