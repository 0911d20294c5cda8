"""The door of HTTP mode: only what Slack signed, just now, comes in. The SDK's verifier raises on hostile headers."""

from __future__ import annotations

from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from starlette.datastructures import Headers

from bot.app.ports import Clock


class _Seconds(SignatureClock):
    """Our clock in the SDK's terms."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


class Guard:
    """`admits` answers and never raises."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self._verifier = SignatureVerifier(signing_secret, clock=_Seconds(clock))

    def admits(self, headers: Headers, body: bytes) -> bool:
        """Exactly one timestamp within five minutes, and exactly one signature that fits it and the body."""
        timestamps = headers.getlist("x-slack-request-timestamp")
        signatures = headers.getlist("x-slack-signature")
        if len(timestamps) != 1 or len(signatures) != 1:
            return False
        timestamp, signature = timestamps[0], signatures[0]
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return False
        try:
            return signature.isascii() and self._verifier.is_valid(body, timestamp, signature)
        except (ValueError, TypeError):  # a body that is no UTF-8
            return False
