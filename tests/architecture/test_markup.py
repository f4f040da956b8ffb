"""No text that anybody may have written reaches Textual as markup, where a click would run what it says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import nova_tui

SCREEN = sorted((Path(nova_tui.__file__).parent / "tui").rglob("*.py"))
WIDGETS = (
    "Static",
    "Label",
    "Button",
    "Checkbox",
    "RadioButton",
    "Option",
    "Tab",
    "Collapsible",
    "Placeholder",
    "Link",
)
"""What takes its first argument as markup."""
TITLES = ("border_title", "border_subtitle", "tooltip")
"""Attributes that are read as markup."""
SAFE = ("Content", "Text", "Strip", "Table")
"""Kinds of value that are shown as they are."""


def mistakes(source: str) -> Iterator[str]:
    """Yield each place where a text could be taken for markup."""
    tree = ast.parse(source)
    kinds = {
        node.name: ast.unparse(node.returns)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.returns is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            plain = any(word.arg == "markup" and ast.unparse(word.value) == "False" for word in node.keywords)
            if name == "notify" and not plain:
                yield f"line {node.lineno}: notify without markup=False"
            if name in WIDGETS and not plain and not all(_safe(text, kinds) for text in _texts(node)):
                yield f"line {node.lineno}: {name} of a text without markup=False"
            if name != "notify" and any(
                word.arg == "markup" and ast.unparse(word.value) != "False" for word in node.keywords
            ):
                yield f"line {node.lineno}: markup that is not False"
            if ast.unparse(node.func).endswith(("Content.from_markup", "Text.from_markup")):
                yield f"line {node.lineno}: from_markup"
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in TITLES and not _safe(node.value, kinds):
                    yield f"line {node.lineno}: {target.attr} of a text"


def _texts(call: ast.Call) -> list[ast.expr]:
    """Return the arguments of a widget that it would show."""
    words = [word.value for word in call.keywords if word.arg in ("content", "label", "prompt", "title")]
    return [*call.args[:1], *words]


def _safe(value: ast.expr, kinds: dict[str, str]) -> bool:
    """Tell whether a value is a literal or of a kind that is no markup."""
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.IfExp):
        return _safe(value.body, kinds) and _safe(value.orelse, kinds)
    if isinstance(value, ast.Call):
        name = ast.unparse(value.func)
        made = name.partition(".")[0] in SAFE
        return made or kinds.get(name.rpartition(".")[2], "").partition("[")[0] in SAFE
    return False


def test_no_text_is_taken_for_markup() -> None:
    found = [f"{path.name}: {mistake}" for path in SCREEN for mistake in mistakes(path.read_text(encoding="utf-8"))]
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "app.notify(text)",
        "self.app.notify('fixed')",
        "app.notify(text, markup=True)",
        "Hit(1, text, run, markup=True)",
        "Static(text)",
        "Static(f'{text}')",
        "Label(self.title)",
        "widgets.Label(text)",
        "Button(label=text)",
        "self.border_title = text",
        "self.tooltip = f'{text}'",
        "box.border_subtitle = Content(text) if text else text",
        "Content.from_markup(text)",
        "Option(row.text)",
    ],
)
def test_a_mistake_is_found(source: str) -> None:
    assert len(list(mistakes(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "app.notify(text, markup=False)",
        "Static('fixed')",
        "Static()",
        "Static(Content(text))",
        "Static(text, markup=False)",
        "self.border_title = Content.assemble(text)",
        "self.tooltip = Content(text) if text else None",
        "def table() -> Content: ...\nStatic(self.table())",
    ],
)
def test_what_is_safe_passes(source: str) -> None:
    assert list(mistakes(source)) == []
