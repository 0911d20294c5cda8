"""A server with Ada's calendar, and what asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.calendars.fetch import client
from tests.contract.calendars.server import Server, serving
from tests.unit.calendars.ical import calendar, shift

DAY = ("20261123T000000", "20261124T000000")
"""The day of the tests' world, Monday, in Johannesburg; it begins at 12:00 there."""


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as it:
        it.text = calendar(shift("Ada", *DAY))
        yield it


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with client() as it:
        yield it
