"""Which answers an operation may give, declared for every one of them."""

from __future__ import annotations

from tideover.web.api.schemas import ProblemTold

_GET = (400, 401, 403, 404, 409, 413, 422, 429, 503)


def may_answer(status: int, schema: type) -> dict[int, type]:
    """The answer that was hoped for, and every problem."""
    return {status: schema, **dict.fromkeys(_GET, ProblemTold)}
