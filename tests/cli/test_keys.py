"""The commands keys and help, and keys that a configuration names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nova_tui.cli.main import HOMES
from nova_tui.config import read_settings
from nova_tui.tui.screens.key_table import checked_keymap, key_table
from tests.cli.conftest import Nova
from tests.cli.test_settings import written


def sentences(**keys: str) -> list[str]:
    """Return what is wrong with a keymap; dots in ids are written as double underscores."""
    _keymap, problems = checked_keymap({name.replace("__", "."): key for name, key in keys.items()}, "c.yaml")
    return [str(problem) for problem in problems]


def keymap(**keys: str) -> dict[str, str]:
    """Return what can be used of a keymap."""
    return checked_keymap({name.replace("__", "."): key for name, key in keys.items()}, "c.yaml")[0]


# -- the table -----------------------------------------------------------------------------------------------------


def test_every_id_is_pane_and_verb_and_says_what_it_does() -> None:
    table = key_table()
    assert {"screen.undo", "list.new", "dialog.edit", "composer.add", "editor.keep", "list.down"} <= {
        entry.id for entry in table
    }
    for entry in table:
        assert entry.id.count(".") == 1, entry
        assert entry.title, entry
        assert entry.meaning, entry
        assert entry.each, entry


def test_keys_lists_all(nova: Nova) -> None:
    lines = nova.ok("keys").splitlines()
    assert lines[0].split() == ["ID", "KEYS", "DOES"]
    assert len(lines) == len(key_table()) + 1
    found = {entry["id"]: entry for entry in nova.json("keys", "--json")}
    assert found["screen.undo"]["keys"] == ["u", "ctrl+z"]
    assert found["screen.undo"]["does"] == "Take back the last change."
    written(nova, "keys:\n  screen.undo: ctrl+w\n  list.new: [f10, f11]\n")
    found = {entry["id"]: entry for entry in nova.json("keys", "--json")}
    assert found["screen.undo"]["keys"] == ["ctrl+w"]
    assert found["screen.undo"]["default"] == ["u", "ctrl+z"]
    assert found["list.new"]["keys"] == ["f10", "f11"]


# -- what a configuration makes of it ------------------------------------------------------------------------------


def test_keys_are_taken_as_people_write_them() -> None:
    assert keymap(list__new="Ctrl+W")["list.new"] == "ctrl+w"
    assert keymap(list__new="F7, Ins")["list.new"] == "f7,insert"
    assert keymap(list__new="pgdn", list__page_down="f7")["list.new"] == "pagedown"
    assert keymap(list__new="%")["list.new"] == "percent_sign"
    assert keymap(list__new="alt+up")["list.new"] == "alt+up"


def test_two_bindings_may_swap_their_keys() -> None:
    assert sentences(list__new="r", list__rename="n") == []
    found = keymap(list__new="r", list__rename="n")
    assert (found["list.new"], found["list.rename"]) == ("r", "n")


@pytest.mark.parametrize(
    ("name", "key", "says"),
    [
        ("list__nwe", "x", "there is no such id; do you mean list.new"),
        ("zzz", "x", "there is no such id; nova-tui keys lists them all"),
        ("list__new", "r", "r is the key of list.rename already; list.new keeps n"),
        ("list__new", "u", "u is the key of screen.undo already"),
        ("list__new", "ctl+n", "there is no key ctl+n"),
        ("list__new", "ctrl+i", "ctrl+i cannot be told from Tab"),
        ("list__new", "hyper", "there is no key hyper"),
    ],
)
def test_what_is_wrong_is_one_sentence(name: str, key: str, says: str) -> None:
    (sentence,) = sentences(**{name: key})
    assert sentence.startswith(f"c.yaml: keys.{name.replace('__', '.')}: ")
    assert says in sentence
    assert name.replace("__", ".") not in keymap(**{name: key})


def test_bindings_that_share_a_key_keep_it_when_one_moves() -> None:
    assert keymap(dialog__delete="f8")["list.delete"] == "d,delete"


def test_the_configuration_is_checked(nova: Nova) -> None:
    path = written(nova, "keys:\n  list.new: r\n  list.mark:\n")
    result = nova.run("config", "check")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"nova-tui: {path}: keys.list.mark: it needs a key, such as ctrl+n (YAML takes an unquoted # for a comment)",
        f"nova-tui: {path}: keys.list.new: r is the key of list.rename already; list.new keeps n",
    ]
    assert nova.run("keys").exit_code == 1


def test_keys_need_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("keys: [a, b]\n")
    settings = read_settings(environment={"NOVA_TUI_CONFIG": str(path)})
    assert settings.keys == {}
    assert [str(problem) for problem in settings.problems] == [
        f"{path}: keys: it needs a mapping of ids to keys, not a list"
    ]


# -- help ----------------------------------------------------------------------------------------------------------


def test_help_shows_the_program_a_command_or_a_page(nova: Nova) -> None:
    text = nova.ok("help")
    assert all(name in text for name in HOMES)
    assert "Pages: query, stores, settings" in text
    assert "help list [OPTIONS]" not in nova.ok("help", "list")
    assert "nova-tui list [OPTIONS]" in nova.ok("help", "list")
    assert "is:starred" in nova.ok("help", "query")
    assert "NOVA_TUI_STORE" in nova.ok("help", "settings")
    assert "postgresql" in nova.ok("help", "stores")


def test_help_on_nothing_known_is_wrong_usage(nova: Nova) -> None:
    result = nova.run("help", "exprot")
    assert result.exit_code == 2
    assert "do you mean export" in result.output
    assert nova.run("help", "list", "more").exit_code == 2


def test_json_is_plain(nova: Nova) -> None:
    assert json.loads(nova.ok("keys", "--json"))
