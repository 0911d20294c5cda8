"""The five stories of the tour, in the order in which the page offers them."""

from __future__ import annotations

from bot.demo.stories.low import LOW
from bot.demo.stories.night import EMERGENCY
from bot.demo.stories.phone import PHONE
from bot.demo.stories.second import SECOND
from bot.demo.stories.waiting import WAITING

STORIES = (EMERGENCY, LOW, PHONE, WAITING, SECOND)
