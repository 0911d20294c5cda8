"""The pages that say no, and what to do about it. They say the same to everybody: nothing about any ticket."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.app.speech import CATALOGUES, Speech
from bot.board.viewer import House, Viewer

TITLES = {
    "out": "You are not logged in",
    "used": "This link does not work any more",
    "slow": "Too many tries",
    "foreign": "That did not come from the board",
    "left": "You have left the board",
    "nothing": "There is nothing here",
    "busy": "One moment",
}
SAID = {
    "out": "Write /standby board in Slack, or board in a private message to Standby. You get a link that lets you in.",
    "used": "It was used already, or it is older than 10 minutes. Ask for another one with /standby board.",
    "slow": "Many wrong links came from your address. Try again in a minute.",
    "foreign": "Nothing was changed. Open the board yourself, reload the page, and do it there once more.",
    "left": "To come back, ask for a link with /standby board.",
    "nothing": "There is no such page, or no such ticket of your teams.",
    "busy": "Standby could not read its database just now. Reload the page in a moment.",
}
STATUS = {"out": 401, "used": 403, "slow": 429, "foreign": 403, "left": 200, "nothing": 404, "busy": 503}


def page(
    templates: jinja2.Environment, house: House, request: Request, why: str, viewer: Viewer | None = None
) -> Response:
    """One of the above; whoever is still logged in has the way back to the board on it."""
    s = speech(house, request, viewer)
    inside = viewer if why != "left" else None
    shown = templates.get_template("gone.html").render(
        s=s, viewer=inside, heading=s.text(TITLES[why]), said=s.text(SAID[why])
    )
    headers = {"retry-after": "60"} if why == "slow" else {}
    return HTMLResponse(shown, STATUS[why], headers)


def speech(house: House, request: Request, viewer: Viewer | None = None) -> Speech:
    """In the viewer's language; to whoever is not logged in, in the first that their browser asks for and we have."""
    now = house.clock.now()
    if viewer is not None:
        return Speech(language=viewer.language, zone=viewer.zone, now=now)
    return Speech(language=_asked(request), zone=ZoneInfo("UTC"), now=now)


def _asked(request: Request) -> str:
    known = {"en", *(path.parent.name for path in CATALOGUES.glob("*/messages.po"))}
    wanted = request.headers.get("accept-language", "")[:200].split(",")
    tags = (one.split(";")[0].strip().split("-")[0].lower() for one in wanted)
    return next((tag for tag in tags if tag in known), "en")
