"""The command copy."""

from __future__ import annotations

import pytest

from nova_tui.storage.url import open_store
from tests.cli.conftest import Nova


def filled(nova: Nova) -> str:
    """Put sessions of two users into the store, and return the id of one with a history."""
    id = nova.id("new", "--title", "One")
    nova.ok("add", id, "user", "Hello")
    nova.ok("undo", id)
    nova.ok("delete", nova.id("new", "--title", "Gone"))
    nova.ok("new", "--title", "Bob's \x1b[2J", "--user", "bob")
    return id


@pytest.mark.parametrize("place", ["other.db", "file://{}/folder", "sqlite://{}/more.db"])
def test_a_store_is_copied_with_its_revisions(nova: Nova, place: str) -> None:
    id = filled(nova)
    source = nova.environment["NOVA_TUI_STORE"]
    target = place.format(nova.folder) if "{}" in place else str(nova.folder / place)
    with open_store(source, user_id="alice") as store:
        store.put_draft(id, "", "unsaved")
    said = nova.ok("copy", "--from", source, "--to", target)
    assert said == "alice: 2 new, 0 updated, 0 unchanged (1 of them in the trash); 5 revisions, 1 draft written\n"
    assert nova.json("history", id, "--json") == nova.json("history", id, "--json", "--store", target)
    assert nova.json("list", "--json", "--trash") == nova.json("list", "--json", "--trash", "--store", target)
    assert nova.json("list", "--json", "--user", "bob", "--store", target) == []
    assert "made again: add row" in nova.ok("redo", id, "--store", target)
    again = nova.ok("copy", "--from", source, "--to", target, "--all-users").splitlines()
    assert again == [
        "alice: 0 new, 0 updated, 2 unchanged (1 of them in the trash); 0 revisions written",
        "bob: 1 new, 0 updated, 0 unchanged; 1 revision written",
    ]


def test_what_went_different_ways_is_a_reported_failure(nova: Nova) -> None:
    id = filled(nova)
    source, target = nova.environment["NOVA_TUI_STORE"], str(nova.folder / "other.db")
    nova.ok("copy", "--from", source, "--to", target)
    nova.ok("rename", id, "Here\x1b[2J")
    nova.ok("rename", id, "There", "--store", target)
    result = nova.run("copy", "--from", source, "--to", target)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "alice: 0 new, 0 updated, 1 unchanged (1 of them in the trash); 0 revisions written; 1 not copied",
        f"  Here␛[2J ({id}) was changed in both stores, not alike; each keeps its own.",
    ]
    assert "There" in nova.ok("show", id, "--store", target)


def test_what_cannot_be_copied(nova: Nova) -> None:
    filled(nova)
    source, target = nova.environment["NOVA_TUI_STORE"], str(nova.folder / "other.db")
    for wrong in ([], ["--from", source], ["--to", target]):
        assert nova.run("copy", *wrong).exit_code == 2
    for arguments in (
        ["--from", str(nova.folder / "none.db"), "--to", target],
        ["--from", "nonsense:", "--to", target],
        ["--from", source, "--to", "nonsense:"],
        ["--from", source, "--to", str(nova.folder / "missing" / "\x1b.db"), "--read-only"],
    ):
        result = nova.run("copy", *arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "\x1b" not in result.stderr
    assert not (nova.folder / "none.db").exists()
