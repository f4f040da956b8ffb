"""Linting many sessions: one after the other, and with an eye on those that say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nova_tui.domain.errors import SessionDamaged, SessionNotFound, StorageError
from nova_tui.domain.lint import Finding, content_key, duplicate_of, lint, mend
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider


@dataclass(frozen=True, slots=True)
class Linted:
    """A session and what is to be said of it."""

    session: Session
    findings: Sequence[Finding]


def lint_sessions(
    store: SessionStorageProvider,
    session_ids: Sequence[str],
    profile: str | None = None,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    failed: Callable[[StorageError], None] = lambda _error: None,
) -> Iterator[Linted]:
    """Yield every session with its findings, which may be none; one is loaded at a time.

    Of sessions that say the same, the first is left alone. One that cannot be read is told to `failed`.
    """
    seen: dict[bytes, tuple[str, str]] = {}
    for done, session_id in enumerate(session_ids, 1):
        try:
            session = store.load(session_id)
        except (SessionDamaged, SessionNotFound) as error:
            failed(error)
        else:
            findings = lint(session, profile)
            key = content_key(session)
            if key is not None:
                if key in seen:
                    findings.append(duplicate_of(*seen[key]))
                else:
                    seen[key] = (session.id, session.title[:80])
            yield Linted(session, findings)
        progress(done, len(session_ids))


def mending_note(findings: int) -> str:
    """Return what the history says of so many findings that were mended."""
    return f"mend {findings:,} finding{'' if findings == 1 else 's'}"


def mend_stored(store: SessionStorageProvider, linted: Linted) -> int:
    """Put right in the store what can be, as one change; return how many findings that were."""
    mendable = [finding for finding in linted.findings if finding.mendable]
    mended = mend(linted.session, mendable)
    if mended is linted.session:
        return 0
    store.save(mended, mending_note(len(mendable)))
    return len(mendable)
