"""Markdown: a transcript for people. A row's text is Markdown already and is written as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nova_tui.domain.row import Image
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported, Exporter
from nova_tui.formats.transcript import facts_of, label_of, one_line


class MarkdownExporter(Exporter):
    """Writes a title, and a heading with role and time before each row."""

    name = "markdown"
    title = "Markdown transcript"
    extension = ".md"
    hidden_by_default = False

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, session by session, a rule between them."""
        for index, session in enumerate(sessions):
            chosen, entry = self.chosen(session, hidden, receipt)
            yield ("\n---\n\n" if index else "") + f"# {one_line(session.title)}\n\n"
            yield f"_{facts_of(session, entry)}_\n"
            for row in chosen.dialog.rows:
                yield f"\n## {label_of(row)}\n\n{row.text}" + ("" if row.text.endswith("\n") or not row.text else "\n")
                for image in row.images or ():
                    yield ("\n" if row.text else "") + _image(image, entry) + "\n"


def _image(image: Image, entry: Exported) -> str:
    """Return an image as Markdown: its address, or a mention where it has only bytes."""
    words = one_line(image.alt or image.name or "image").replace("]", ")").replace("[", "(")
    address = image.url or image.path
    if address and not address.startswith("data:"):
        return f"![{words}](<{one_line(address).replace('>', '%3E').replace('<', '%3C')}>)"
    size = len(image.data or b"")
    entry.losses.append(f"the bytes of an image ({size:,}) cannot be part of a Markdown file")
    return f"_[image: {words}, {image.mime or 'unknown kind'}, {size:,} bytes]_"
