"""Bodies as they come: JSON and nothing else, of bounded depth, with texts that every database can keep."""

from __future__ import annotations

import json
from typing import NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from tideover.web.api.problems import Problem

DEEPEST = 12


class StrictParser(Parser):
    """Reads a body, or says why it cannot be read."""

    def parse_body(self, request: HttpRequest) -> dict[str, object]:
        try:
            told: object = json.loads(request.body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise Problem(400, "not_json", "The body is not JSON in UTF-8.") from None
        if not isinstance(told, dict):
            raise Problem(
                400, "not_an_object", "The body is a JSON object, with the fields of this operation."
            )
        _check(told, 0)
        return told


def is_clean(text: str) -> bool:
    """Can every database keep it: no NUL, no half of a surrogate pair?"""
    return "\0" not in text and not any("\ud800" <= it <= "\udfff" for it in text)


def _check(told: object, depth: int) -> None:
    if depth > DEEPEST:
        raise Problem(400, "too_deep", f"The body is nested deeper than {DEEPEST} levels.")
    if isinstance(told, str) and not is_clean(told):
        raise Problem(400, "bad_text", "A text holds a NUL or half of a surrogate pair.")
    if isinstance(told, dict):
        for key, value in told.items():
            _check(key, depth + 1)
            _check(value, depth + 1)
    elif isinstance(told, list):
        for value in told:
            _check(value, depth + 1)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
