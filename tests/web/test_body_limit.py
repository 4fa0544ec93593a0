"""A request that is too long is answered, and neither memory nor the disk is filled by it."""

from io import BytesIO

import pytest

from tideover.web.ui.body_limit import limited


class Body(BytesIO):
    """Knows how much of it was read."""

    @property
    def was_read(self):
        return self.tell()


def reads_all(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [])
    return [b""]


def asked(app, body, **headers):
    answers = []
    app({"wsgi.input": body, **headers}, lambda status, headers: answers.append(status))
    return int(answers[0].split()[0])


def test_what_fits_goes_through():
    body = Body(b"x" * 100)

    assert asked(limited(reads_all, 100), body, CONTENT_LENGTH="100") == 200
    assert body.was_read == 100


def test_a_request_without_a_body_goes_through():
    assert asked(limited(reads_all, 100), Body(), CONTENT_LENGTH="") == 200


def test_what_says_that_it_is_too_long_is_not_read():
    body = Body(b"x" * 1_000)

    assert asked(limited(reads_all, 100), body, CONTENT_LENGTH="2000000000") == 413
    assert body.was_read == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "ten"},
        {"CONTENT_LENGTH": "١٠"},
    ],
)
def test_what_does_not_say_how_long_it_is_is_not_read(headers):
    body = Body(b"x" * 1_000)

    assert asked(limited(reads_all, 100), body, **headers) == 411
    assert body.was_read == 0
