"""Every dialogue talks to 127.0.0.1 in the clear."""

import ssl

import pytest


@pytest.fixture(autouse=True)
def straight_and_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies; and no clients reading the world's certificates, which takes a fifth of a dialogue."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)
