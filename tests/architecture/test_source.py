"""The source as a whole: public names, sizes, and what must never be written."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import nova_tui
from nova_tui.domain import errors

PACKAGE = Path(nova_tui.__file__).parent
REPOSITORY = PACKAGE.parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400
"""Lines of a file at most."""
LONGER = {"nova_tui/tui/widgets/dialog_view.py": 600, "nova_tui/tui/widgets/session_list.py": 500}
"""Files that hold one large widget each, in the order of parts that Textual's own widgets have."""


def names(path: Path) -> str:
    """Return a file's path inside the repository."""
    return str(path.relative_to(REPOSITORY))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


# -- public names -------------------------------------------------------------------------------------------------


def test_public_names_are_sorted_and_all_there() -> None:
    listed = [name for name in nova_tui.__all__ if name != "__version__"]
    assert listed == sorted(listed)
    assert len(set(listed)) == len(listed)
    assert dir(nova_tui) == sorted(nova_tui.__all__)
    for name in nova_tui.__all__:
        assert getattr(nova_tui, name) is not None


def test_what_a_type_checker_sees_is_what_there_is() -> None:
    tree = tree_of(PACKAGE / "__init__.py")
    typed = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nova_tui.")
        for alias in node.names
        if alias.name != "*"
    }
    assert typed | set(nova_tui._ERRORS) | {"__version__"} == set(nova_tui.__all__)


def test_every_error_is_public_derives_from_one_and_stands_in_the_drawing() -> None:
    found = {name: kind for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)}
    assert set(found) == set(nova_tui._ERRORS)
    drawing = (errors.__doc__ or "").split()
    for name, kind in found.items():
        assert issubclass(kind, nova_tui.NovaError)
        assert getattr(nova_tui, name) is kind
        assert name in drawing


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = nova_tui.nonsense


def test_every_module_can_be_imported_and_says_what_it_is() -> None:
    for found in pkgutil.walk_packages([str(PACKAGE)], "nova_tui."):
        if found.name.endswith("__main__") or "postgres" in found.name:
            continue
        module = importlib.import_module(found.name)
        assert module.__doc__, found.name


# -- sizes --------------------------------------------------------------------------------------------------------


def test_a_file_holds_one_noun() -> None:
    lengths = {names(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    long = {name: length for name, length in lengths.items() if length > LONGER.get(name, LONGEST)}
    assert not long, "which second noun lives in it?"


def test_a_package_file_is_one_docstring() -> None:
    for path in SOURCES:
        if path.name == "__init__.py" and path.parent != PACKAGE:
            (statement,) = tree_of(path).body
            assert isinstance(statement, ast.Expr), names(path)


def test_the_top_level_holds_what_it_should() -> None:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("this is not a checkout")
    tracked = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    tops = {line.partition("/")[0] for line in tracked.splitlines()}
    allowed = {"pyproject.toml", "nova_tui", "tests", "themes", "README.md", "LICENSE", "CHANGELOG.md"}
    assert {name for name in tops if not name.startswith(".")} <= allowed


# -- formats ------------------------------------------------------------------------------------------------------


def test_formats_do_not_know_each_other() -> None:
    """A module with an importer or an exporter is a format; only the registry knows it."""
    trees = {path.stem: tree_of(path) for path in (PACKAGE / "formats").glob("*.py")}
    formats = {
        name
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & {"Importer", "Exporter"}
    }
    found = [
        f"{name} imports {node.module}"
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and name != "registry"
        if (node.module or "").removeprefix("nova_tui.formats.") in formats - {name}
    ]
    assert len(formats) >= 3
    assert not found


# -- what must never be written -----------------------------------------------------------------------------------

EXECUTES = {"eval", "exec", "compile", "os.system", "os.popen", "yaml.load", "yaml.safe_load", "yaml.full_load"}
BORDERS = {"nova_tui/cli/failure.py", "nova_tui/tui/storage_worker.py", "nova_tui/tui/life.py"}
"""Where any exception is caught: the command line's main, and what the screen runs on other threads."""


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the source with its place."""
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            yield names(path), node


def test_nothing_executes_or_unpickles_what_a_stranger_wrote() -> None:
    found = []
    for file, node in nodes():
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            shell = any(word.arg == "shell" for word in node.keywords)
            if shell or name in EXECUTES or name.startswith(("pickle.", "marshal.")):
                found.append(f"{file}:{node.lineno}: {name}")
    assert not found


def test_only_the_borders_catch_everything() -> None:
    found = [
        f"{file}:{node.lineno}"
        for file, node in nodes()
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
        and file not in BORDERS
    ]
    assert not found
