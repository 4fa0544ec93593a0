"""By phone with an agent: the agent sends her own pay page, ready with the amount. Nobody says or hears a card number."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.access.sealing import sealed_text
from tideover.book.models import Person
from tideover.book.newest import newest_one
from tideover.book.surrogates import surrogate_of
from tideover.engine.message import read_page_words, spoken_on_pages
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.kit.paths import quoted_in_path
from tideover.repayment.loans import loan_of
from tideover.repayment.promises.offering import TALK_FIRST, held_back
from tideover.repayment.ways.once import once_key
from tideover.repayment.ways.receipts import NoSuchLoan
from tideover.strategy.gate import Asked, consider_all
from tideover.strategy.models import Decision

OCCASION, BECAUSE = "reply", "you_asked_for_it"
KEY = 60
"""Letters of a key that a decision may begin with."""


class CannotBeSent(Refused):
    """A hold, a rule or a wish forbids it."""


@transaction.atomic
def ask_to_pay_by_link(
    *, person_id: str, loan_id: str, amount: Money, agent: Staff, at: datetime, once: str = ""
) -> Decision:
    """What she asked for on the phone: where to pay, by the channel that suits her. The same form twice is one page sent.

    Raises NotAllowed, NoSuchLoan, CannotBeSent.
    """
    require(agent, Power.ANSWER)
    key = f"pay-page-{once_key(agent.pk, f'{once} {loan_id} {amount.minor}')}"[:KEY] if once else ""
    known = Person.objects.visible_to(agent).filter(pk=person_id).first()
    loan = loan_of(loan_id, person_id, at) if known else None
    if loan is None or amount.currency != loan.currency or not 0 < amount.minor <= loan.left:
        raise NoSuchLoan("There is no such loan of hers in your branches, or not so much is open on it.")
    if held_back((loan,), person_id, at).get(loan_id) == TALK_FIRST:
        raise CannotBeSent(
            "Something protects her on this loan. Pay pages are not sent until that is looked at."
        )
    if key and (sent := Decision.objects.filter(decision_id__startswith=f"{key}.").first()):
        return sent
    row = newest_one("borrowers", borrower_id=person_id)
    words = spoken_on_pages(read_page_words(settings.CONTENT), row.language if row else None)
    text = words.say("pay.by_phone", amount=amount, address=_page(loan_id, amount))
    asked = Asked(person_id, loan_id, values={"answer": sealed_text(text)}, key=key)
    made = consider_all([asked], occasion=OCCASION, at=at, because=BECAUSE)[person_id]
    if made.decision is None:
        raise CannotBeSent("A hold, a rule or a wish of hers forbids it. Tell her the way while you speak.")
    note(action="pay_page_sent", by=staff_actor(agent), at=at, about=surrogate_of(person_id))
    return made.decision


def _page(loan_id: str, amount: Money) -> str:
    """Her own page: whoever opens it signs in first, so that the address alone is worth nothing."""
    return (
        f"{settings.PUBLIC_URL}/me/pay/{quoted_in_path(loan_id)}/way/?{urlencode({'amount': amount.minor})}"
    )
