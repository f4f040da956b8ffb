"""What an import says about itself: every file, every conversation, what was new, and what could not be kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from nova_tui.formats.format import Counts

NEW: Final = "new"
UPDATED: Final = "updated"
UNCHANGED: Final = "unchanged"
REFUSED: Final = "refused"
EMPTY: Final = "empty"
TRASHED: Final = "trashed"
STATUSES: Final = (NEW, UPDATED, UNCHANGED, TRASHED, EMPTY, REFUSED)


@dataclass(slots=True)
class ImportedConversation:
    """What became of one conversation."""

    session_id: str
    title: str
    status: str
    """new, updated, unchanged, trashed (it is in the trash and stays there), empty (nothing in it), or refused."""
    rows: int
    """Rows that the source has."""
    added: int
    """Rows that the store did not have."""
    counts: Counts
    notes: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    error: str | None = None

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "id": self.session_id,
            "title": self.title,
            "status": self.status,
            "rows": self.rows,
            "added": self.added,
            "counts": self.counts.to_mapping(),
            "notes": list(self.notes),
            "losses": list(self.losses),
            "error": self.error,
        }


@dataclass(slots=True)
class ImportedFile:
    """What became of one file."""

    path: str
    format: str | None = None
    error: str | None = None
    """Why nothing, or not all, could be read."""
    passed_over: bool = False
    """Whether it belongs to a data export and holds no conversation."""
    conversations: list[ImportedConversation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    def count(self, status: str) -> int:
        """Return how many conversations ended so."""
        return sum(conversation.status == status for conversation in self.conversations)

    def all_losses(self) -> Iterator[str]:
        """Yield what was lost, in the file and in its conversations."""
        yield from self.losses
        for conversation in self.conversations:
            yield from conversation.losses

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "path": self.path,
            "format": self.format,
            "error": self.error,
            "passed_over": self.passed_over,
            **{status: self.count(status) for status in STATUSES},
            "conversations": [conversation.to_mapping() for conversation in self.conversations],
            "notes": self.notes,
            "losses": self.losses,
        }


@dataclass(slots=True)
class ImportReceipt:
    """What became of an import."""

    dry_run: bool = False
    strict: bool = False
    cancelled: bool = False
    saved: int = 0
    """Sessions that are saved so far."""
    files: list[ImportedFile] = field(default_factory=list)

    def count(self, status: str) -> int:
        """Return how many conversations ended so."""
        return sum(file.count(status) for file in self.files)

    @property
    def failed(self) -> bool:
        """Whether a file or conversation could not be read or kept, or, where that is asked for, something was lost."""
        return self.cancelled or any(
            file.error is not None or file.count(REFUSED) or (self.strict and any(file.all_losses()))
            for file in self.files
        )

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "dry_run": self.dry_run,
            "strict": self.strict,
            "cancelled": self.cancelled,
            "failed": self.failed,
            "files": [file.to_mapping() for file in self.files],
            "totals": {
                "files": len(self.files),
                "unreadable": sum(file.error is not None for file in self.files),
                "conversations": sum(len(file.conversations) for file in self.files),
                **{status: self.count(status) for status in STATUSES},
                "rows": sum(found.rows for file in self.files for found in file.conversations),
                "added": sum(found.added for file in self.files for found in file.conversations),
            },
        }
