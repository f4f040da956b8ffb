"""Headless capture: pictures of the screen, made by the program itself."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from nova_tui.config import read_settings
from nova_tui.services.demo_library import demo_sessions
from nova_tui.storage.url import open_store
from nova_tui.theming import load_themes, theme_folders
from nova_tui.tui.app import NovaApp

SETTLE = 0.5
"""Seconds for previews and debounces before a picture is taken."""


async def picture(app: NovaApp, size: tuple[int, int], keys: Iterable[str] = ()) -> str:
    """Run the app without a terminal, press keys, and return the screen (columns × rows) as SVG."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause(SETTLE)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.05)
        await pilot.pause(SETTLE)
        return app.export_screenshot(title="nova-tui")


def demo_app(theme: str, at: datetime | None = None) -> NovaApp:
    """Return the app over the demo library in memory."""
    store = open_store("memory:", user_id="demo")
    store.save_many(demo_sessions("demo", at or datetime.now(UTC)))
    specs, _problems = load_themes(theme_folders(read_settings().folder))
    return NovaApp(lambda: store, user_id="demo", place="demo library", themes=specs, theme=theme)


def main() -> None:
    """Write a picture of the demo library: `python -m nova_tui.tui.recorder FILE [THEME] [COLSxROWS] [KEY…]`."""
    name, theme, size, *keys = [*sys.argv[1:], *["demo.svg", "nova-dark", "110x34"][len(sys.argv) - 1 :]]
    columns, rows = (int(number) for number in size.split("x"))
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(asyncio.run(picture(demo_app(theme), (columns, rows), keys)))


if __name__ == "__main__":
    main()
