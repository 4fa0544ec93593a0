"""No request is read to its end when it is longer than anything we take: neither memory nor the disk fills up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MOST = 32_000_000
"""Bytes of a whole request; a page that takes less says so itself."""

TOO_LONG = "413 Content Too Large", b"This is longer than what can be sent here: 10 MB a file."
HOW_LONG = "411 Length Required", b"Say how long the request is: send a Content-Length."


def limited(app: WSGIApplication, most: int = MOST) -> WSGIApplication:
    """The same application; what says that it is too long, or does not say how long it is, is answered unread.

    A server passes on no more than a request says of itself, so nothing has to be counted.
    """

    def bounded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        refused = _refused(environ, most)
        if refused is None:
            return app(environ, start_response)
        status, text = refused
        start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")])
        return [text]

    return bounded


def _refused(environ: dict[str, Any], most: int) -> tuple[str, bytes] | None:
    said = environ.get("CONTENT_LENGTH") or "0"
    if environ.get("HTTP_TRANSFER_ENCODING") or not said.isascii() or not said.isdigit():
        return HOW_LONG
    return TOO_LONG if int(said) > most else None
