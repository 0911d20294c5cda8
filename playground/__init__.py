"""Local stand-ins for Slack, Telegram and Twilio that speak the vendors' own HTTP over real sockets."""

from playground.courier import Delivered
from playground.faults import Fault, Faults
from playground.journal import Entry, Journal
from playground.world import Playground

__all__ = ["Delivered", "Entry", "Fault", "Faults", "Journal", "Playground"]
