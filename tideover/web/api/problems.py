"""What went wrong, so that whoever called can mend it: problem details as RFC 9457 has them."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

KIND = "application/problem+json"


class Problem(Exception):
    """An answer other than the one hoped for. Never carries a name, an address or a text of a person."""

    def __init__(self, status: int, code: str, detail: str, **extra: object) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.extra = status, code, detail, extra
        self.headers: dict[str, str] = {}

    def with_header(self, name: str, value: str) -> Problem:
        """The same problem with a header."""
        self.headers[name] = value
        return self

    def response(self) -> HttpResponse:
        """As it goes over the wire."""
        told = {
            "type": f"urn:tideover:problem:{self.code}", "title": HTTPStatus(self.status).phrase, "status": self.status,
            "code": self.code, "detail": self.detail, **self.extra,
        }  # fmt: skip
        body = json.dumps(told, ensure_ascii=True)
        return HttpResponse(body, status=self.status, content_type=KIND, headers=self.headers)


def not_found(what: str = "There is nothing here that you may see.") -> Problem:
    """The same for what does not exist and for what is not theirs: nobody learns which."""
    return Problem(404, "not_found", what)


@csrf_exempt
def no_such_page(_: HttpRequest) -> HttpResponse:
    """An address below /api/ that leads nowhere."""
    return not_found("There is no such address; /api/openapi.json lists all of them.").response()
