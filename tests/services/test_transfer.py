"""Files in and out of a store."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nova_tui.domain.errors import FormatError, StoreReadOnly, StoreUnavailable
from nova_tui.domain.native import session_to_mapping
from nova_tui.domain.session import Session
from nova_tui.formats import archive
from nova_tui.formats.registry import exporter_named
from nova_tui.services.transfer import Wishes, import_paths
from nova_tui.services.transfer_files import found_files
from nova_tui.services.transfer_out import Export, safe_name
from nova_tui.services.transfer_places import files_of
from nova_tui.services.transfer_receipt import ImportReceipt
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.url import open_store
from tests.formats.examples import AT, CHATGPT, EXAMPLES, NOVA, OPENAI, as_bytes, as_lines, chatgpt, node, zipped_names


@pytest.fixture(params=["memory:", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionStorageProvider]:
    """Give a store that is bound to alice."""
    place = request.param if request.param == "memory:" else str(tmp_path / "store" / "nova.db")
    (tmp_path / "store").mkdir()
    with open_store(place, user_id="alice") as opened:
        yield opened


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Give a folder for files to import."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def put(folder: Path, **contents: bytes) -> list[str]:
    """Write files; `__` in a name stands for a dot. Return their paths."""
    paths = []
    for name, content in contents.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content)
        paths.append(str(path))
    return paths


def everything(store: SessionStorageProvider) -> list[dict[str, Any]]:
    """Return all that a store holds for alice."""
    return [session_to_mapping(session) for session in store.list("alice")]


def bring(store: SessionStorageProvider, *paths: str | Path, **wishes: Any) -> ImportReceipt:
    """Import, a day later each time than one would think."""
    return import_paths(store, "alice", map(str, paths), Wishes(**wishes))


def statuses(receipt: ImportReceipt) -> list[str]:
    """Return what became of each conversation."""
    return [conversation.status for file in receipt.files for conversation in file.conversations]


# -- importing --------------------------------------------------------------------------------------------------------


FILES = [(file, data) for files in EXAMPLES.values() for file, data in files.items()]


@pytest.mark.parametrize(("file", "data"), FILES, ids=[file for file, _data in FILES])
def test_importing_again_changes_nothing(store: SessionStorageProvider, files: Path, file: str, data: bytes) -> None:
    path = files / file
    path.write_bytes(data)
    assert not bring(store, path).failed
    before = everything(store)
    for again in (bring(store, path), bring(store, files), bring(store, path, on_conflict="replace")):
        assert not again.failed
        assert set(statuses(again)) == {"unchanged"}
    os.utime(path, (1_600_000_000, 1_600_000_000))
    (files / f"copy-{file}").write_bytes(data)
    assert set(statuses(bring(store, files))) == {"unchanged"}
    assert everything(store) == before


def test_new_rows_of_a_grown_conversation_are_added(store: SessionStorageProvider, files: Path) -> None:
    a, b = node("a", "root", "user", "q"), node("b", "a", "assistant", "r")
    (path,) = put(files, c__json=as_bytes([chatgpt(a, b)]))
    bring(store, path)
    (session,) = store.list("alice")
    first, second = session.dialog.rows
    store.save(session.with_dialog(session.dialog.replace_text(first.id, "edited").add_user("my own")).with_tags(["t"]))
    put(files, c__json=as_bytes([chatgpt(a, b, node("c", "b", "user", "more"), title="Renamed")]))
    receipt = bring(store, path)
    assert statuses(receipt) == ["updated"]
    assert receipt.files[0].conversations[0].added == 1
    (session,) = store.list("alice")
    assert [row.text for row in session.dialog.rows] == ["edited", "r", "my own", "more"]
    assert [row.id for row in session.dialog.rows[:2]] == [first.id, second.id]
    assert (session.tags, session.title) == (("t",), "A talk")
    assert statuses(bring(store, path)) == ["unchanged"]


def test_a_row_that_its_user_removed_does_not_come_back(store: SessionStorageProvider, files: Path) -> None:
    a, b = node("a", "root", "user", "q"), node("b", "a", "assistant", "r")
    (path,) = put(files, c__json=as_bytes([chatgpt(a, b)]))
    bring(store, path)
    (session,) = store.list("alice")
    store.save(session.with_dialog(session.dialog.remove(session.dialog.rows[0].id)))
    assert statuses(bring(store, path)) == ["unchanged"]
    put(files, c__json=as_bytes([chatgpt(a, b, node("c", "b", "user", "more"))]))
    bring(store, path)
    assert [row.text for row in store.list("alice")[0].dialog.rows] == ["r", "more"]


def test_replace_takes_the_source_and_keeps_what_its_user_put_on_it(store: SessionStorageProvider, files: Path) -> None:
    (path,) = put(files, c__json=as_bytes([CHATGPT]))
    bring(store, path)
    (session,) = store.list("alice")
    store.save(session.with_dialog(session.dialog.add_user("mine")).with_star())
    assert statuses(bring(store, path, on_conflict="replace")) == ["updated"]
    (session,) = store.list("alice")
    assert [row.text for row in session.dialog.rows] == ["Hello", "Hi"]
    assert session.starred


def test_what_is_in_the_trash_stays_there(store: SessionStorageProvider, files: Path) -> None:
    (path,) = put(files, c__json=as_bytes([CHATGPT]))
    bring(store, path)
    store.delete(store.list("alice")[0].id)
    for wish in ("skip", "replace"):
        again = bring(store, path, on_conflict=wish)
        assert statuses(again) == ["trashed"]
        assert not again.failed
        assert not store.list("alice")
    assert statuses(bring(store, path, on_conflict="copy")) == ["new"]


def test_copy_puts_another_session_beside(store: SessionStorageProvider, files: Path) -> None:
    (path,) = put(files, c__json=as_bytes([CHATGPT]))
    bring(store, path)
    assert statuses(bring(store, path, on_conflict="copy")) == ["new"]
    one, other = store.list("alice")
    assert one.id != other.id
    assert not {row.id for row in one.dialog.rows} & {row.id for row in other.dialog.rows}


def test_a_dry_run_saves_nothing(store: SessionStorageProvider, files: Path) -> None:
    put(files, c__json=as_bytes([CHATGPT]), d__json=as_bytes([CHATGPT]), e__json=as_bytes(OPENAI))
    receipt = bring(store, files, dry_run=True)
    assert statuses(receipt) == ["new", "unchanged", "new"]
    assert everything(store) == []


def test_branches_are_sessions_when_they_are_wanted(store: SessionStorageProvider, files: Path) -> None:
    nodes = node("a", "root", "user", "q"), node("x", "a", "assistant", "old"), node("b", "a", "assistant", "new")
    (path,) = put(files, c__json=as_bytes([chatgpt(*nodes)]))
    assert statuses(bring(store, path)) == ["new"]
    assert statuses(bring(store, path, branches=True)) == ["unchanged", "new"]
    assert statuses(bring(store, path, branches=True)) == ["unchanged", "unchanged"]
    assert len(store.list("alice")) == 2


def test_a_native_session_keeps_its_id_unless_another_users_has_it(tmp_path: Path, files: Path) -> None:
    (path,) = put(files, n__json=as_bytes(NOVA))
    place = str(tmp_path / "nova.db")
    for user, expected in (("alice", NOVA["id"]), ("bob", None)):
        with open_store(place, user_id=user) as store:
            for _time in range(2):
                receipt = import_paths(store, user, [path])
                assert not receipt.failed
            (session,) = store.list(user)
            assert (session.id == NOVA["id"]) == (expected is not None)
            assert receipt.files[0].conversations[0].session_id == session.id
            assert [row.text for row in session.dialog.rows] == [row["text"] for row in NOVA["dialog"]["rows"]]
    with open_store(place, user_id="bob") as store:
        assert store.list("bob")[0].own["import"]["owner"] == "alice"


def test_an_unbound_store_changes_nobody_elses_session(files: Path) -> None:
    (path,) = put(files, n__json=as_bytes(NOVA))
    with open_store("memory:") as store:
        import_paths(store, "alice", [path])
        import_paths(store, "bob", [path])
        assert len(store.list("alice")) == len(store.list("bob")) == 1
        assert store.list("alice")[0].user_id == "alice"


def test_a_native_export_comes_back_equal(store: SessionStorageProvider, files: Path) -> None:
    (path,) = put(files, n__json=as_bytes([NOVA]))
    bring(store, path)
    before = list(store.list("alice"))
    target = files / "back.yaml"
    Export(store, [session.id for session in before], exporter_named("nova-yaml")).to_file(target)
    with open_store("memory:", user_id="alice") as other:
        bring(other, target)
        assert list(other.list("alice")) == before


def test_one_bad_file_stops_no_other(store: SessionStorageProvider, files: Path) -> None:
    put(files, a__json=b"{broken", b__json=as_bytes([CHATGPT]), c__json=b"", d__txt=b"hello")
    receipt = bring(store, files)
    assert receipt.failed
    assert [file.error is None for file in receipt.files] == [False, True, False, False]
    assert len(store.list("alice")) == 1


def test_broken_files_import_nothing_and_say_why(
    store: SessionStorageProvider, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBER", 1 << 20)
    bomb = zipped_names({"conversations.json": b" " * (2 << 20)})
    put(
        files,
        empty__json=b"",
        truncated__json=as_bytes([CHATGPT])[:-9],
        truncated__jsonl=as_lines(OPENAI)[:-9],
        binary__json=bytes(range(256)),
        latin__json='[{"role": "user", "content": "é"}]'.encode("latin-1"),
        deep__json=b"[" * 200 + b"]" * 200,
        bomb__zip=bomb,
        notzip__zip=b"PK\x03\x04 nothing",
        anchors__yaml=b"nova_tui: &a 1\ndialog: *a\n",
    )
    os.mkfifo(files / "fifo.json")
    (files / "link.json").symlink_to(files / "nowhere")
    receipt = bring(store, files)
    assert receipt.failed
    assert everything(store) == []
    errors = {Path(file.path).name: file.error or "" for file in receipt.files}
    for name, part in {
        "empty.json": "empty",
        "truncated.json": "line 1, column",
        "truncated.jsonl": "line 1, column",
        "binary.json": "binary",
        "latin.json": "byte 30: it is not UTF-8",
        "deep.json": "nested deeper than 64",
        "bomb.zip": "unpacks to more",
        "notzip.zip": "not a usable archive",
        "anchors.yaml": "line 1: anchors",
        "fifo.json": "not a regular file",
        "link.json": "cannot be opened",
    }.items():
        assert part in errors.pop(name)
    assert not errors
    assert not list(files.parent.glob("**/x"))


def test_names_in_archives_lead_nowhere(store: SessionStorageProvider, files: Path) -> None:
    slip = zipped_names({"../../slipped/conversations.json": as_bytes([CHATGPT]), "/abs/x.json": b"{}"})
    put(files, slip__zip=slip)
    assert not bring(store, files).failed
    assert not (files.parent.parent / "slipped").exists()
    assert {path.name for path in files.iterdir()} == {"slip.zip"}


def test_an_archive_of_single_files_is_read_file_by_file(store: SessionStorageProvider, files: Path) -> None:
    packed = zipped_names(
        {"a/one.json": as_bytes(OPENAI), "a/two.jsonl": b"{broken", "b/picture.png": b"x", "users.json": b"{}"}
    )
    (path,) = put(files, many__zip=packed)
    receipt = bring(store, path)
    assert [(file.path, file.error is None) for file in receipt.files] == [
        (f"{path}!a/one.json", True),
        (f"{path}!a/two.jsonl", False),
    ]


def test_companions_of_data_exports_are_passed_over_in_folders(store: SessionStorageProvider, files: Path) -> None:
    paths = put(files, conversations__json=as_bytes([CHATGPT]), user__json=b'{"email": "a@b.c"}', chat__html=b"<p>")
    assert not bring(store, files).failed
    assert bring(store, *paths).failed


def test_strict_refuses_what_would_lose_something(store: SessionStorageProvider, files: Path) -> None:
    messages = [*OPENAI["messages"], {"role": "narrator", "content": "x"}]
    put(files, a__json=as_bytes({"messages": messages}), b__json=as_bytes(OPENAI))
    receipt = bring(store, files, strict=True)
    assert statuses(receipt) == ["refused", "new"]
    assert receipt.failed
    assert len(store.list("alice")) == 1
    assert not bring(store, files).failed


def test_standard_input_is_a_file(store: SessionStorageProvider) -> None:
    receipt = import_paths(store, "alice", ["-"], stdin=io.BytesIO(as_bytes(OPENAI)))
    assert statuses(receipt) == ["new"]
    assert store.list("alice")[0].own["import"]["file"] == "standard input"


def test_a_file_is_found_below_folders_in_order(files: Path) -> None:
    (files / "b").mkdir()
    (files / ".git").mkdir()
    put(files / "b", x__json=b"1")
    put(files / ".git", y__json=b"1")
    put(files, a__json=b"22", c__json=b"", __hidden=b"")
    names = [(Path(file.path).name, file.size) for file in found_files([str(files)])]
    assert names == [("a.json", 2), ("x.json", 1), ("c.json", 0)]


def test_progress_is_told_and_a_cancelled_import_says_so(store: SessionStorageProvider, files: Path) -> None:
    put(files, a__jsonl=as_lines(*[OPENAI] * 10), b__jsonl=as_lines(*[OPENAI] * 10))
    told: list[tuple[int, int]] = []
    import_paths(store, "alice", [str(files)], progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)
    calls = iter(range(100))
    receipt = import_paths(store, "alice", [str(files)], Wishes(on_conflict="copy"), cancelled=lambda: next(calls) > 5)
    assert receipt.cancelled
    assert 0 < len(statuses(receipt)) < 10
    assert len(store.list("alice")) == 10 + len(statuses(receipt))


def test_a_store_that_is_read_only_is_not_imported_into(files: Path, tmp_path: Path) -> None:
    (path,) = put(files, a__json=as_bytes(OPENAI))
    open_store(str(tmp_path / "n.db"), user_id="alice").close()
    with open_store(str(tmp_path / "n.db"), user_id="alice", read_only=True) as store:
        with pytest.raises(StoreReadOnly):
            import_paths(store, "alice", [path])
        assert statuses(import_paths(store, "alice", [path], Wishes(dry_run=True))) == ["new"]


def test_the_receipt_is_json(store: SessionStorageProvider, files: Path) -> None:
    put(files, a__json=as_bytes(OPENAI), b__json=b"x")
    told = bring(store, files).to_mapping()
    assert told["totals"]["conversations"] == 1
    assert told["files"][0]["conversations"][0]["counts"]["tool"] == 2
    assert told["failed"] is True


def test_places_of_programs_are_looked_into(tmp_path: Path) -> None:
    folder = tmp_path / "projects" / "-home-x"
    folder.mkdir(parents=True)
    (folder / "1.jsonl").touch()
    assert files_of("claude-code", {"CLAUDE_CONFIG_DIR": str(tmp_path)}) == [str(folder / "1.jsonl")]
    assert files_of("codex", {"CODEX_HOME": str(tmp_path)}) == []


# -- exporting --------------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(store: SessionStorageProvider) -> SessionStorageProvider:
    """Give a store with two sessions of one title."""
    for number in range(2):
        session = Session.new("alice").add_user("Was ist los, Zoë? / ..").add_system("psst", hidden=True)
        store.save(replace(session, updated_at=AT + timedelta(seconds=number)))
    return store


def test_a_file_is_private_and_appears_whole(filled: SessionStorageProvider, tmp_path: Path) -> None:
    target = tmp_path / "out.md"
    target.write_text("before")
    receipt = Export(filled, filled.session_ids("alice"), exporter_named("markdown")).to_file(target)
    assert target.read_text().count("Was ist los") == 4
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert receipt.to_mapping()["totals"] == {
        "sessions": 2, "rows": 2, "hidden_left_out": 2, "excluded_left_out": 0, "losses": 0,
    }  # fmt: skip
    assert not list(tmp_path.glob(".nova-tui-*"))


def test_a_folder_gets_a_file_a_session(filled: SessionStorageProvider, tmp_path: Path) -> None:
    receipt = Export(filled, filled.session_ids("alice"), exporter_named("nova-json"), True).to_folder(
        tmp_path / "new" / "er"
    )
    names = sorted(path.name for path in (tmp_path / "new" / "er").iterdir())
    ids = sorted(filled.session_ids("alice"))
    assert names == [f"was-ist-los-zoë-{session_id[:8]}.json" for session_id in ids]
    assert sorted(Path(path).name for path in receipt.files) == names


def test_what_cannot_be_written_is_said_and_leaves_what_was(filled: SessionStorageProvider, tmp_path: Path) -> None:
    export = Export(filled, [], exporter_named("nova-json"))
    with pytest.raises(FormatError, match="cannot be written"):
        export.to_file(tmp_path / "nowhere" / "x.json")
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(FormatError, match="not a regular file"):
        export.to_file(tmp_path / "fifo")


@pytest.mark.parametrize("kind", ["sqlite", "file"])
def test_an_export_never_replaces_a_file_of_a_store(tmp_path: Path, kind: str) -> None:
    other, own = tmp_path / "other.db", tmp_path / "sessions"
    open_store(other).close()
    place = own / "p.db" if kind == "sqlite" else own
    own.mkdir()
    with open_store(place, user_id="alice") as store:
        saved = store.save(Session.new("alice").add_user("kept"))
        (tmp_path / "link").symlink_to(place if kind == "sqlite" else own / f"{saved.id}.yaml")
        (tmp_path / "folder").symlink_to(own)
        names = (
            ["p.db", "p.db-wal", "p.db-shm", "p.db-journal"]
            if kind == "sqlite"
            else [f"{saved.id}.yaml", f"{'e' * 32}.yaml", ".nova-tui/lock", f".nova-tui/history/{saved.id}.jsonl"]
        )
        targets = [own / name for name in names] + [tmp_path / "folder" / name for name in names]
        before = sorted(path.name for path in own.rglob("*"))
        for target in [*targets, tmp_path / "link", other, tmp_path / "other.db-journal"]:
            export = Export(store, [saved.id], exporter_named("nova-yaml"))
            with pytest.raises(StoreUnavailable, match=r"of the store itself|SQLite database"):
                export.to_file(target)
            assert export.receipt.files == []
        for target in targets:
            with pytest.raises(StoreUnavailable):
                store.backup(target)
        assert sorted(path.name for path in own.rglob("*")) == before
        assert Export(store, [saved.id], exporter_named("nova-yaml")).to_file(own / "out.yaml").files
    with open_store(place, user_id="alice") as store:
        assert list(store.list("alice")) == [saved]
    assert other.read_bytes().startswith(b"SQLite format 3\0")


def test_a_session_that_is_gone_is_named(filled: SessionStorageProvider, tmp_path: Path) -> None:
    receipt = Export(filled, ["0" * 32, *filled.session_ids("alice")], exporter_named("nova-json")).to_file(
        tmp_path / "x"
    )
    assert receipt.failed
    assert receipt.failures == [f"There is no session {'0' * 32} in this store."]
    assert len(receipt.sessions) == 2


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("", "session"),
        ("...", "session"),
        ("CON", "con"),
        ("a\x1b[2J\nb\u202ec", "a-2j-b-c"),
        ("你好 world", "你好-world"),
        ("x" * 500, "x" * 60),
    ],
)
def test_titles_become_harmless_names(title: str, name: str) -> None:
    assert safe_name(title) == name
