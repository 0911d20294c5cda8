"""One Chromium a worker; what every test of a page needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.visitor import Opens, visitors
from tests.paging.conftest import straight_and_in_the_clear
from tests.playground.conftest import play

__all__ = ["play", "straight_and_in_the_clear"]

MISSING = "There is no browser here: install Debian's package `chromium` to test what people see."
HERE = Path(__file__).parent

expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives in one loop as long as its worker does; so do its tests."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's. Where CI runs, it has to be there."""
    path = shutil.which("chromium")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def opens(chromium: Browser) -> AsyncIterator[Opens]:
    """Browsers with nothing in them, as many as a test wants."""
    async with visitors(chromium) as open_one:
        yield open_one


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests' pictures go: the folder in STANDBY_PICTURES, or one that pytest throws away."""
    wanted = os.environ.get("STANDBY_PICTURES")
    folder = Path(wanted) if wanted else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
