"""The notes' file: private, whole, and never trusted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nova_tui.domain.errors import StoreUnavailable
from nova_tui.services.note_channel import NoteChannel


def test_what_is_written_is_read_by_its_user_only(tmp_path: Path) -> None:
    channel = NoteChannel("a" * 32, tmp_path / "run")
    assert channel.read() is None
    channel.write({"note": "Breathe", "number": 1})
    facts = channel.read()
    assert facts is not None
    assert (facts["note"], facts["number"]) == ("Breathe", 1)
    assert facts["at"] > 0
    assert channel.path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
    channel.write({"note": "Again"})
    assert [path.name for path in (tmp_path / "run").iterdir()] == [channel.path.name]
    channel.write(None)
    channel.write(None)
    assert channel.read() is None


def test_an_open_folder_is_closed_and_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o755)
    NoteChannel("a" * 32, folder).write({})
    assert folder.stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        NoteChannel("a" * 32, tmp_path / "file").write({})


@pytest.mark.parametrize("content", ["", "[1]", "{", "[" * 100_000, '"x"'])
def test_nonsense_is_nothing(tmp_path: Path, content: str) -> None:
    channel = NoteChannel("a" * 32, tmp_path)
    channel.path.write_text(content)
    assert channel.read() is None


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    channel = NoteChannel("a" * 32, tmp_path)
    (tmp_path / "other").write_text('{"note": 1}')
    channel.path.symlink_to(tmp_path / "other")
    assert channel.read() is None
    channel.write({"note": 2})
    assert (tmp_path / "other").read_text() == '{"note": 1}'
    channel.write(None)
    os.mkfifo(channel.path)
    assert channel.read() is None
