"""The text of a box in the person's own editor, and back; an editor that fails or is missing loses nothing."""

from __future__ import annotations

from textual.app import SuspendNotSupported
from textual.widget import Widget

from nova_tui.domain.errors import EditorError, YamlError
from nova_tui.domain.safe_text import clean_line
from nova_tui.services.external_edit import EditFile, editor_command
from nova_tui.tui.widgets.text_box import TextBox


def edit_outside(box: TextBox, title: str) -> None:
    """Lend the terminal to the editor until it ends, then take its text over as one step of the box's own undo."""
    try:
        command = editor_command()
    except EditorError as error:
        _warn(box, str(error))
        return
    file = EditFile(box.text, title, suffix=".md")
    trouble = _edit(box, command, file)
    if trouble is not None:
        if file.touched:
            _warn(box, f"{trouble} What it saved is in {file.path}; your text here is as it was.")
            return
        _warn(box, f"{trouble} Your text is as it was.")
    elif not file.touched:
        if file.quick:
            _warn(box, f"{command[0]} came back at once. If it opened a window, let it wait (code --wait).")
    else:
        try:
            text = file.text()
        except YamlError as error:
            _warn(box, f"What the editor saved is no text: {error}. It is in {file.path}.")
            return
        if not box.text.endswith("\n"):  # which most editors put behind the last line
            text = text.removesuffix("\n")
        box.replace_all(text)
        box.move_cursor(box.document.end)
    file.drop()


def _edit(box: Widget, command: list[str], file: EditFile) -> EditorError | None:
    """Run the editor; return what went wrong, because the terminal is only given back where nothing is raised."""
    try:
        with box.app.suspend():
            try:
                file.edit(command)
            except EditorError as error:
                return error
    except SuspendNotSupported:
        return EditorError(command[0], "cannot be opened from here: this screen has no terminal to lend")
    return None


def _warn(box: Widget, sentence: str) -> None:
    """Say what did not work."""
    box.app.notify(clean_line(sentence, 400), severity="warning", timeout=8, markup=False)
