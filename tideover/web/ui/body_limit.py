"""No request is read to its end when it is longer than anything we take: neither memory nor the disk fills up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

MOST = 32_000_000
"""Bytes of a whole request; a page that takes less says so itself."""


class TooLong(Exception):
    """The body went on past the limit."""


def limited(app: App, most: int = MOST) -> App:
    """The same application, which answers 413 to what is too long, by what it says of itself or by counting."""

    async def bounded(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if _said_length(scope) > most:
            await _refuse(send)
            return
        seen, has_begun = 0, False

        async def counting() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise TooLong
            return message

        async def answering(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await app(scope, counting, answering)
        except TooLong:
            if not has_begun:
                await _refuse(send)

    return bounded


def _said_length(scope: Mapping[str, Any]) -> int:
    said = next((value for name, value in scope.get("headers", ()) if name == b"content-length"), b"0")
    return int(said) if said.isdigit() else 0


async def _refuse(send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")],
        }
    )
    await send(
        {"type": "http.response.body", "body": b"This is longer than what can be sent here: 10 MB a file."}
    )
