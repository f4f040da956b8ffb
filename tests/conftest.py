"""Async tests run on virtual time, without a plugin."""

from __future__ import annotations

import functools
import inspect
import os
import tempfile

import pytest

os.environ["TEXTUAL_ANIMATIONS"] = "none"
_RUNTIME = tempfile.TemporaryDirectory(prefix="nova-tui-tests-")
os.environ["XDG_RUNTIME_DIR"] = _RUNTIME.name


def pytest_unconfigure() -> None:
    """Leave no folder behind."""
    _RUNTIME.cleanup()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an async test function on a loop whose clock jumps."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    from tests.tui.virtual_clock import run

    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    run(functools.partial(pyfuncitem.obj, **arguments))
    return True
