"""Two presses at once are one: whoever comes second finds what the first one made."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

P = ParamSpec("P")
R = TypeVar("R")


def once_only(verb: Callable[P, R]) -> Callable[P, R]:
    """One transaction; where another made the same thing meanwhile it is looked for again, and found."""

    @wraps(verb)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return verb(*args, **kwargs)
        except IntegrityError:
            with transaction.atomic():
                return verb(*args, **kwargs)

    return done
