"""A store of an earlier version: the screen says how far its upgrade is, and can be left meanwhile."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from threading import Event

from nova_tui import SessionStorageProvider, StoreUnavailable, open_store
from nova_tui.storage.upgrading import tell, upgrade
from tests.tui.nova_app import nova_app, titled
from tests.tui.virtual_clock import settle

PATIENCE = 30.0


async def test_the_upgrade_of_a_store_is_told(tmp_path: Path) -> None:
    go_on = Event()
    path = tmp_path / "nova.db"

    def open_slowly() -> SessionStorageProvider:
        with upgrade(path.with_name("kept [b].db")):
            tell(0.4)
            assert go_on.wait(PATIENCE)
        return open_store(path, user_id="alice")

    with open_store(path, user_id="alice") as store:
        store.save(titled("First", ("user", "hello")))
    app = nova_app(open_slowly)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        until = time.monotonic() + PATIENCE
        while app.main.header.status != "upgrading the store, 40%":
            await asyncio.sleep(0)
            assert time.monotonic() < until
        assert [str(path.with_name("kept [b].db")) in note.message for note in app._notifications] == [True]
        go_on.set()
        await settle(pilot)
        await settle(pilot)
        assert app.main.header.status == "saved"
        assert app.main.header.count == "1 session"


async def test_the_screen_can_be_left_while_a_store_is_upgraded(tmp_path: Path) -> None:
    half, ended = Event(), Event()

    def open_for_ever() -> SessionStorageProvider:
        with upgrade(tmp_path / "kept.db"):
            half.set()
            try:
                until = time.monotonic() + PATIENCE
                while time.monotonic() < until:
                    tell()
                    time.sleep(0.001)
            except StoreUnavailable:
                ended.set()
                raise
        raise AssertionError("nobody stopped it")

    app = nova_app(open_for_ever)
    async with app.run_test() as pilot:
        while not half.is_set():
            await asyncio.sleep(0)
        await pilot.press("ctrl+q")
    assert ended.wait(PATIENCE)
    assert app.return_code == 0
