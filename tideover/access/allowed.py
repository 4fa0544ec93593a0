"""May this person do this? Asked in one way everywhere; anonymous people and borrowers may nothing of staff's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from tideover.access.models import Staff
from tideover.access.roles import POWERS, Power, Role
from tideover.kit.errors import Refused

View = Callable[..., HttpResponseBase]


class NotAllowed(Refused):
    """This person's role does not hold the power that is needed."""


def staff_of(request: HttpRequest) -> Staff | None:
    """The member of staff who is signed in; a borrower or nobody is None."""
    user: object = request.user
    return user if isinstance(user, Staff) else None


def may(user: object, power: Power) -> bool:
    """Whether somebody holds a power now."""
    return isinstance(user, Staff) and user.is_active and power in POWERS[Role(user.role)]


def require(user: object, power: Power) -> None:
    """Raises NotAllowed unless somebody holds a power. For actions; views use `needs`."""
    if not may(user, power):
        raise NotAllowed(f"Your role does not allow '{power}'. Ask somebody who may.")


def needs(power: Power) -> Callable[[View], View]:
    """A view only for those who hold a power: others are sent to sign in, or told that it is not theirs."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            staff = staff_of(request)
            if staff is None:
                return redirect_to_login(request.get_full_path())
            if not may(staff, power):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def branches_of(user: object) -> frozenset[str] | None:
    """The branches whose people somebody may see; None stands for every branch, an empty set for nobody."""
    if not may(user, Power.SEE_PEOPLE) or not isinstance(user, Staff):
        return frozenset()
    return None if user.sees_every_branch else frozenset(map(str, user.branches))
