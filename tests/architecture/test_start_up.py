"""What an import loads: a fresh interpreter is asked, because no static check sees deferred imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "click", "sqlite3", "pysqlite3", "sqlite_utils", "yaml", "platformdirs", "asyncio")


def loaded(statement: str) -> set[str]:
    """Return the top-level names that a statement loads in a fresh interpreter."""
    program = (
        "import json, sys\n"
        "before = set(sys.modules)\n"
        f"{statement}\n"
        "names = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "sys.stderr.write('\\n' + json.dumps(sorted(names)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, "TERM": "dumb"}
    )
    return set(json.loads(result.stderr.splitlines()[-1]))


def heavy(statement: str) -> set[str]:
    """Return which of the heavy packages a statement loads."""
    return loaded(statement) & set(HEAVY)


def command(*arguments: str) -> str:
    """Return the statement that runs a command of nova-tui."""
    return f"from nova_tui.cli.main import cli\ntry: cli.main({list(arguments)!r})\nexcept SystemExit: pass"


def test_the_package_alone_loads_nothing() -> None:
    assert heavy("import nova_tui") == set()


@pytest.mark.parametrize("module", ["session", "native", "safe_text", "summary", "difference", "errors"])
def test_the_domain_loads_the_standard_library_only(module: str) -> None:
    assert loaded(f"import nova_tui.domain.{module}") <= sys.stdlib_module_names | {"nova_tui"}


def test_the_public_model_needs_no_store_and_no_screen() -> None:
    assert heavy("from nova_tui import Session, Dialog, Row, NovaError") == set()


def test_a_store_loads_no_screen() -> None:
    assert heavy("from nova_tui import open_store\nopen_store('memory:', user_id='a')") == set()


@pytest.mark.parametrize(
    "module", ["services.library", "services.demo_library", "theming", "config", "formats.registry"]
)
def test_nothing_below_the_screen_loads_a_toolkit(module: str) -> None:
    assert heavy(f"import nova_tui.{module}") & {"textual", "rich", "click", "sqlite3", "sqlite_utils"} == set()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["nonsense"], ["list", "--version"], [], ["demo"]], ids=" ".join
)
def test_an_answer_without_a_screen_loads_little(arguments: list[str]) -> None:
    assert heavy(command(*arguments)) - {"platformdirs", "rich"} == {"click"}


@pytest.mark.parametrize("arguments", [["list", "--help"], ["export", "--help"], ["themes"], ["config"]], ids=" ".join)
def test_no_command_loads_textual(arguments: list[str]) -> None:
    assert heavy(command(*arguments)) & {"textual", "sqlite3", "sqlite_utils", "asyncio"} == set()


def test_a_list_loads_neither_textual_nor_yaml(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = tmp_path_factory.mktemp("store") / "a.db"
    missing = tmp_path_factory.mktemp("none")
    statement = f"import os; os.environ['XDG_CONFIG_HOME'] = {str(missing)!r}\n" + command(
        "list", "--store", str(store)
    )
    assert heavy(statement) & {"textual", "yaml", "asyncio"} == set()


SCREENS_AT_START = {
    "dialog_questions", "list_commands", "list_desk", "list_place", "main_commands", "main_screen", "panel_commands",
    "panels", "session_output", "session_panels", "session_verbs",
}  # fmt: skip
"""What the main screen is made of; every other screen is loaded by the action that opens it."""
LATER = (
    "nova_tui.services.comparison",
    "nova_tui.services.half_blocks",
    "nova_tui.services.image_size",
    "nova_tui.services.inspecting",
    "nova_tui.services.linting",
    "nova_tui.services.recording",
    "nova_tui.services.replacing",
    "nova_tui.services.templat",
    "nova_tui.services.transfer",
    "nova_tui.performing",
    "nova_tui.formats",
    "nova_tui.tui.recording",
    "nova_tui.tui.widgets.outline_list",
    "nova_tui.tui.widgets.side_by_side",
    "nova_tui.tui.widgets.stage",
    "PIL",
    "linkify_it",
    "markdown_it",
    "pygments",
    "sqlite_utils",
    "textual.widgets._markdown",
)
"""What no first frame needs."""


def test_the_first_frame_loads_nothing_that_it_does_not_need() -> None:
    statement = "import nova_tui.tui.app, sys; sys.stdout.write(chr(10).join(sys.modules))"
    result = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, check=True)
    names = result.stdout.splitlines()
    assert [name for name in names if name.startswith(LATER)] == []
    screens = {name.rpartition(".")[2] for name in names if name.startswith("nova_tui.tui.screens.")}
    assert screens == SCREENS_AT_START
