"""A backup as one ZIP file: for stores that are no single file themselves."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nova_tui.domain.errors import StoreUnavailable


def write_zip(path: Path, entries: Iterable[tuple[str, bytes]]) -> None:
    """Write files into a new ZIP file, whole or not at all; raise StoreUnavailable."""
    import zipfile  # noqa: PLC0415  only a backup needs it

    with new_file(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries:
            target.writestr(name, content)


class new_file:  # noqa: N801  it is used like a function
    """Make a file that its owner alone may read, under its name only when the context ends well and it is durable."""

    def __init__(self, path: Path, *, replace: bool = False) -> None:
        self.path = path
        self.replace = replace
        self.temporary = path.parent / f".{path.name}.{os.getpid()}.tmp"

    def __enter__(self) -> Path:
        if os.path.lexists(self.path) and not self.replace:
            raise StoreUnavailable(str(self.path), "there is something of that name already")
        try:
            os.close(os.open(self.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise StoreUnavailable(str(self.path), error.strerror or str(error)) from error
        return self.temporary

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _traceback: object) -> None:
        try:
            if kind is None:
                descriptor = os.open(self.temporary, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                self.temporary.rename(self.path)
        except OSError as failure:
            raise StoreUnavailable(str(self.path), failure.strerror or str(failure)) from failure
        finally:
            with suppress(FileNotFoundError):
                self.temporary.unlink()
        if isinstance(error, OSError):
            raise StoreUnavailable(str(self.path), error.strerror or str(error)) from error
