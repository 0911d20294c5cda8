"""The real bot against the stand-ins of the playground: to watch (`show`) and as a story that checks itself (`play`)."""

from bot.demo.show import show
from bot.demo.story import play

__all__ = ["play", "show"]
