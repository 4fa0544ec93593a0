"""A request that is too long is answered, and neither memory nor the disk is filled by it."""

import asyncio

import pytest

from tideover.web.ui.body_limit import limited


class Server:
    """Sends pieces for as long as somebody reads them."""

    def __init__(self, pieces, headers=()):
        self.pieces, self.headers, self.read, self.answers = list(pieces), list(headers), 0, []

    async def receive(self):
        piece = self.pieces.pop(0)
        self.read += len(piece)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message):
        self.answers.append(message)

    def asked(self, app):
        asyncio.run(app({"type": "http", "headers": self.headers}, self.receive, self.send))
        return next(it["status"] for it in self.answers if "status" in it)


async def reads_all(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_what_fits_goes_through():
    assert Server([b"x" * 10] * 10).asked(limited(reads_all, 100)) == 200


def test_what_says_that_it_is_too_long_is_not_read():
    server = Server([b"x"], [(b"content-length", b"2000000000")])

    assert server.asked(limited(reads_all, 100)) == 413
    assert server.read == 0


def test_what_does_not_say_so_is_counted_and_the_rest_stays_unread():
    server = Server([b"x" * 10] * 1_000)

    assert server.asked(limited(reads_all, 100)) == 413
    assert server.read == 110


@pytest.mark.parametrize("length", [b"-1", b"ten", b""])
def test_a_length_that_is_none_is_counted(length):
    assert Server([b"x" * 200], [(b"content-length", length)]).asked(limited(reads_all, 100)) == 413


def test_other_talks_are_left_alone():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(limited(app, 1)({"type": "lifespan"}, None, None))

    assert seen == ["lifespan"]
