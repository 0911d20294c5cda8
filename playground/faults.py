"""Faults to order: the next matching request of the bot goes wrong in a vendor's own way."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class Kind(enum.Enum):
    """How a request goes wrong."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    RESET = "reset"
    HANG = "accept_then_hang"
    REFUSE = "refuse"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True)
class Fault:
    """One way to go wrong; build it by the class methods below."""

    kind: Kind
    status: int = 0
    retry_after: str = ""
    seconds: float = 0.0
    code: str = ""

    @classmethod
    def rate_limited(cls, retry_after: str | int) -> "Fault":
        """429 with Retry-After, nothing done. Any text is sent as it is, also one that is no number."""
        return cls(Kind.RATE_LIMITED, status=429, retry_after=str(retry_after))

    @classmethod
    def server_error(cls, status: int = 500) -> "Fault":
        """A 5xx answer, nothing done."""
        return cls(Kind.SERVER_ERROR, status=status)

    @classmethod
    def reset(cls) -> "Fault":
        """The connection closes without an answer, nothing done."""
        return cls(Kind.RESET)

    @classmethod
    def accept_then_hang(cls, seconds: float = 30.0) -> "Fault":
        """The effect happens, no answer comes; the connection closes after real `seconds`."""
        return cls(Kind.HANG, seconds=seconds)

    @classmethod
    def refuse(cls, code: str | int) -> "Fault":
        """The vendor's refusal: a Slack error, a Telegram description, a Twilio code."""
        return cls(Kind.REFUSE, code=str(code))

    @classmethod
    def undelivered(cls, code: str | int) -> "Fault":
        """Twilio only: accepted, then a status callback says undelivered with this ErrorCode."""
        return cls(Kind.UNDELIVERED, code=str(code))


@dataclass
class _Order:
    platform: str
    suffix: str
    fault: Fault
    left: int
    when: Callable[[Json], bool] | None


class Faults:
    """The faults that are still to happen, in the order in which they were added."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def add(
        self,
        platform: str,
        name: str,
        fault: Fault,
        times: int = 1,
        *,
        when: Callable[[Json], bool] | None = None,
    ) -> None:
        """Let the next `times` requests go wrong whose method or path ends with `name` (and whose arguments fit `when`)."""
        if platform not in ("slack", "telegram", "twilio"):
            raise ValueError(f"no such platform: {platform}")
        if fault.kind is Kind.UNDELIVERED and platform != "twilio":
            raise ValueError("only Twilio reports a message undelivered afterwards")
        self._orders.append(_Order(platform, name, fault, times, when))

    def take(self, platform: str, name: str, arguments: Json) -> Fault | None:
        """Return the fault that is due for this request, and use it up."""
        for order in self._orders:
            fits = order.platform == platform and name.endswith(order.suffix)
            if fits and (order.when is None or order.when(arguments)):
                order.left -= 1
                if order.left <= 0:
                    self._orders.remove(order)
                return order.fault
        return None

    @property
    def pending(self) -> int:
        """How many requests are still to go wrong."""
        return sum(order.left for order in self._orders)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._orders.clear()
