"""Plain text: a transcript to read or to paste."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nova_tui.domain.row import Image
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported, Exporter
from nova_tui.formats.transcript import facts_of, label_of, one_line


class TextExporter(Exporter):
    """Writes a title, and a line with role and time before each row."""

    name = "text"
    title = "Plain text transcript"
    extension = ".txt"
    hidden_by_default = False

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, session by session."""
        for index, session in enumerate(sessions):
            chosen, entry = self.chosen(session, hidden, receipt)
            title = one_line(session.title)
            yield ("\n\n" if index else "") + f"{title}\n{'=' * min(len(title), 100)}\n{facts_of(session, entry)}\n"
            for row in chosen.dialog.rows:
                yield f"\n[{label_of(row)}]\n{row.text}" + ("" if row.text.endswith("\n") or not row.text else "\n")
                for image in row.images or ():
                    yield f"({_image(image, entry)})\n"


def _image(image: Image, entry: Exported) -> str:
    """Return a mention of an image."""
    entry.losses.append("an image cannot be part of a text file")
    named = image.alt or image.name or image.path or image.url or image.mime or ""
    return one_line(f"image: {named[:200]}").rstrip(": ")
