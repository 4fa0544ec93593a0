"""The worker's part of signing in: it looks whose address was typed, and sends the code to that address.

The request that asked has been answered long before, so its answer tells nobody whether an address is known.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.borrowers.codes import LASTS, forget_before, is_too_many, issue
from tideover.access.borrowers.models import SignInRequest
from tideover.access.sealing import sealed_text
from tideover.book.models import Address
from tideover.book.newest import newest
from tideover.kit.errors import Refused
from tideover.strategy.gate import consider

OCCASION, BECAUSE = "sign_in_code", "you_asked_for_it"
AT_ONCE = 100
KEPT = timedelta(days=2)
"""How long it is remembered that a code was asked for: limits look back one day."""


def send_codes(*, at: datetime) -> int:
    """Send the codes that were asked for and are due. How many were looked at."""
    waiting = list(SignInRequest.objects.filter(handled_at=None).order_by("pk")[:AT_ONCE])
    if waiting:
        forget_before(at - KEPT)
    return sum(_handle(it.pk, at) for it in waiting)


@transaction.atomic
def _handle(pk: int, at: datetime) -> int:
    asked = SignInRequest.objects.select_for_update().filter(pk=pk, handled_at=None).first()
    if asked is None:
        return 0
    people = (
        [] if is_too_many(asked) or at - asked.asked_at > LASTS else owners_of(asked.index, asked.channel)
    )
    code = issue(asked, people=people, at=at)
    if people:
        # A hold or a rule may forbid even this; then nothing is sent, and the page says whom to call all the same.
        with suppress(Refused):
            consider(
                person_id=people[0], occasion=OCCASION, at=at, channel=asked.channel, use_by_days=1, because=BECAUSE,
                values={"sign_in_code": sealed_text(code)},
            )  # fmt: skip
    return 1


def owners_of(index: str, channel: str) -> list[str]:
    """Whose working address this is."""
    known = Address.objects.filter(index=index, channel=channel).values_list("address_id", flat=True)
    latest = newest("contact_points", address_id__in=list(known))
    return sorted({it.person_id for it in latest if it.state in (None, "ok") and it.until is None})
