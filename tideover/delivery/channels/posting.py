"""What an HTTP provider's reply means, the same for every channel that posts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx

from tideover.delivery.channels.contract import AGAIN, SOON, Busy, Unknown

Look = Callable[[], Awaitable[None]]

# Nothing has been written when one of these is raised; after any other, the request may have arrived.
NOT_WRITTEN = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


async def posted(
    client: httpx.AsyncClient, url: str, *, content: bytes, headers: dict[str, str], look: Look
) -> httpx.Response:
    """The reply to one post, when it is a yes or a no. Raises Busy, Unknown, and what `look` raises.

    `look` is taken when the connection stands and only the body is left to send: dialling may take seconds.
    """

    async def looked_at() -> AsyncIterator[bytes]:
        await look()
        yield content

    try:
        reply = await client.post(
            url, content=looked_at(), headers={**headers, "Content-Length": str(len(content))}
        )
    except NOT_WRITTEN as error:
        raise Busy("unreachable", retry_after=SOON, said=type(error).__name__) from None
    except httpx.HTTPError as error:
        raise Unknown(f"the reply was lost: {type(error).__name__}") from None
    if reply.status_code == 429:
        raise Busy("rate", retry_after=_asked_for(reply), said="429")
    if reply.status_code == 503 and "retry-after" in reply.headers:
        raise Busy("deferred", retry_after=_asked_for(reply), said="503")
    if reply.status_code in (401, 407) or reply.is_redirect:
        raise Busy("not_admitted", retry_after=AGAIN, said=str(reply.status_code))
    if reply.status_code >= 500 or reply.status_code < 200:
        # A gateway that fails after it handed the message on answers just like one that fails before.
        raise Unknown(f"the reply was {reply.status_code}")
    return reply


def _asked_for(reply: httpx.Response) -> timedelta:
    written = reply.headers.get("retry-after", "")
    seconds = int(written) if written.isascii() and written.isdigit() else 60
    return timedelta(seconds=min(max(seconds, 1), 86_400))
