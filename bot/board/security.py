"""What keeps others out of a browser that is logged in: headers, the cookie, where a request comes from."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.app.board_link import is_loopback
from bot.board.access import is_csrf
from bot.board.viewer import Viewer

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # no address of ours goes to anybody else; with no-referrer browsers would send `Origin: null` with our own forms
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
HSTS = "max-age=31536000"


def with_headers(response: Response, public_url: str) -> Response:
    """The board's own; what the answer says itself about caching stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if public_url.startswith("https://"):
        response.headers.setdefault("strict-transport-security", HSTS)
    return response


# ---------------------------------------------------------------- the cookie
def cookie_name(public_url: str) -> str:
    """`__Host-`: this host's alone, over https, for every path; it has to be Secure. On plain http, which is for this
    machine only, Chromium keeps such a cookie and Safari does not; cookies do not know ports, so there the name does."""
    if not is_loopback(public_url):
        return "__Host-standby"
    return f"standby-{urlsplit(public_url).port or 80}"


def give_cookie(response: Response, public_url: str, value: str) -> None:
    """For as long as the browser is open: how long it counts is up to us. Lax, since a link to a ticket that somebody
    pasted into a chat is to work; no GET changes anything."""
    response.set_cookie(
        cookie_name(public_url),
        value,
        path="/",
        secure=not is_loopback(public_url),
        httponly=True,
        samesite="lax",
    )


def take_cookie(response: Response, public_url: str) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        cookie_name(public_url),
        path="/",
        secure=not is_loopback(public_url),
        httponly=True,
        samesite="lax",
    )


def cookie_of(request: Request, public_url: str) -> str:
    """What the browser brought, or an empty string."""
    return request.cookies.get(cookie_name(public_url), "")


# ---------------------------------------------------------------- where a POST comes from
def is_from_us(request: Request, public_url: str) -> bool:
    """Did a page of ours send it? The browser says so itself (Sec-Fetch-Site); an old one by its Origin. Who says neither
    is refused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    ours = urlsplit(public_url)
    host = request.headers.get("host", "")
    return bool(host) and origin in (f"{ours.scheme}://{ours.netloc}", f"{ours.scheme}://{host}")


def may_post(request: Request, viewer: Viewer, given: str, public_url: str) -> bool:
    """From a page of ours, with this session's token."""
    return is_from_us(request, public_url) and is_csrf(given, viewer)
