"""What pages of applications show to one member of staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.paginator import Paginator

from tideover.access.allowed import may
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.applications.deciding import OTHERS, could
from tideover.book.applications.form import STEPS, answers_of
from tideover.book.applications.lifecycle import MISSING, WAITS_FOR_US
from tideover.book.applications.models import STILL_MISSING, Application
from tideover.book.applications.offered import read_offered
from tideover.book.applications.second_look import may_look
from tideover.book.models import FACTS, Person
from tideover.kit.amounts import show_amount
from tideover.repayment.terms.before import newest_terms
from tideover.web.desk.terms import RHYTHMS

A_PAGE = 50
SAYS = {
    "draft": "being filled in", "received": "arrived", "documents_missing": "waits for papers", "under_review": "under review",
    "approved": "approved", "declined": "declined", "disbursed": "paid out", "closed": "closed", "withdrawn": "withdrawn",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One application in the list."""

    application: Application
    name: str
    product: str
    asked: str
    says: str
    is_late: bool


def listed(staff: Staff, at: datetime, page: str | None) -> Mapping[str, object]:
    """What waits for us, the earliest promised day first; and the answers that somebody asked to be looked at again."""
    rows = Application.objects.visible_to(staff)
    waiting = rows.filter(state__in=WAITS_FOR_US).order_by("reply_by_on", "pk")
    shown = Paginator(waiting, A_PAGE).get_page(page)
    again = list(
        rows.filter(state="declined", review_asked_at__isnull=False).order_by("review_asked_at")[:A_PAGE]
    )
    names = _names([*shown, *again])
    return {
        "page": shown, "rows": [_row(it, names, at.date()) for it in shown],
        "again": [_row(it, names, at.date()) for it in again],
    }  # fmt: skip


def page_of(found: Application, staff: Staff, at: datetime) -> Mapping[str, object]:
    """The whole application, and what can be done with it."""
    offered = read_offered(settings.CONTENT)
    documents = list(found.documents.order_by("pk").prefetch_related("uploads"))
    known = {it.kind for it in documents if it.state not in STILL_MISSING and it.state != "accepted"}
    loans = FACTS["loans"].objects.filter(borrower_id=found.person_id).values_list("loan_id", flat=True)
    may_act, is_mine = may(staff, Power.RECORD_FACTS), may_look(found, staff, at)
    return {
        "row": _row(found, _names([found]), at.date()), "application": found, "answers": _answers(found),
        "documents": [(it, offered.document_named(it.kind, "en") or it.kind) for it in documents],
        "kinds": [(code, it.name["en"]) for code, it in offered.documents.items() if code not in known],
        "reasons": [(code, it.says["en"]) for code, it in offered.reasons.items()],
        "given": [offered.reasons[it].says["en"] for it in found.reasons if it in offered.reasons],
        "sources": [(code, it["en"], code in OTHERS) for code, it in offered.sources.items()],
        "could": could(found) if may_act and is_mine else frozenset(), "another_looks": may_act and not is_mine,
        "loans": sorted(set(loans)), "terms": newest_terms(found.pk), "rhythms": RHYTHMS, "today": at.date(),
    }  # fmt: skip


def _answers(found: Application) -> list[tuple[str, str]]:
    told = answers_of(found)
    return [(it, _shown(told[it], found.currency)) for it in STEPS if it in told]


def _shown(value: int | str, currency: str) -> str:
    return show_amount(value, currency, "en") if isinstance(value, int) else value or "-"


def _row(it: Application, names: Mapping[str, str], today: date) -> Row:
    product = read_offered(settings.CONTENT).product_named(it.product, "en") or it.product
    asked = "" if it.amount is None else show_amount(it.amount, it.currency, "en")
    is_late = it.state in WAITS_FOR_US - {MISSING} and it.reply_by_on is not None and it.reply_by_on < today
    return Row(it, names.get(it.person_id, it.person_id), product, asked, SAYS[it.state], is_late)


def _names(of: list[Application]) -> dict[str, str]:
    people = Person.objects.filter(pk__in={it.person_id for it in of})
    return {key: name or key for key, name in people.values_list("pk", "name")}
