"""Markdown: a transcript for people. A row's text is Markdown already and is written as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nova_tui.domain.row import Image, Row
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported, Exporter


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


def one_line(text: str) -> str:
    """Return a title on one line."""
    return " ".join(text.split())


def facts_of(session: Session, entry: Exported) -> str:
    """Return how many rows there are, since when, and how many hidden ones were left out."""
    facts = [f"{entry.rows} row{'' if entry.rows == 1 else 's'}", f"{session.created_at:%Y-%m-%d %H:%M} UTC"]
    if entry.hidden:
        facts.append(f"{entry.hidden} hidden row{'' if entry.hidden == 1 else 's'} left out")
    return " · ".join(facts)


def label_of(row: Row) -> str:
    """Return who speaks, when (where that is known), and what kind of hidden row it is."""
    parts = [row.role.value]
    if row.metadata.get("ts_source") not in ("inherited", "none"):
        parts.append(f"{row.timestamp:%Y-%m-%d %H:%M}")
    if row.hidden:
        parts.append(f"hidden, {row.kind.replace('_', ' ')}" if row.kind and row.kind != "hidden" else "hidden")
    return " · ".join(parts)


def _image(image: Image, entry: Exported) -> str:
    """Return an image as Markdown: its address, or a mention where it has only bytes."""
    words = one_line(image.alt or image.name or "image").replace("]", ")").replace("[", "(")
    address = image.url or image.path
    if address and not address.startswith("data:"):
        return f"![{words}](<{one_line(address).replace('>', '%3E').replace('<', '%3C')}>)"
    size = len(image.data or b"")
    entry.losses.append(f"the bytes of an image ({size:,}) cannot be part of a Markdown file")
    return f"_[image: {words}, {image.mime or 'unknown kind'}, {size:,} bytes]_"
