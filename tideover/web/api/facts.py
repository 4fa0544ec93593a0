"""Facts in: rows of the contract, each kept or refused with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial

from django.http import HttpRequest
from ninja import Router, Status

from tideover.access.clock import now
from tideover.book.actions import record
from tideover.book.found_out import record_points
from tideover.book.said_here import record_people, record_wishes
from tideover.engine.facts import TABLES
from tideover.repayment.ledger.refusals import PaysAnotherLoan, ToldDifferently
from tideover.repayment.ledger.told_by_others import record_payments
from tideover.web.api.answers import may_answer
from tideover.web.api.door import client_of, through
from tideover.web.api.problems import Problem
from tideover.web.api.rows import Good, Refusal, judged
from tideover.web.api.schemas import FactsGiven, FactsTaken
from tideover.web.api.scopes import Scope
from tideover.web.api.sight import not_theirs
from tideover.web.api.steady import changed_for_good, undoes_her_word

Keep = Callable[..., Sequence[object]]
router = Router(tags=["facts"])
ELSEWHERE = ("consents", "holds")
"""Told by operations of their own: a consent needs the words, lifting a hold needs a role."""
KEPT_BY: Mapping[str, Keep] = {
    "payments": record_payments, "contact_points": record_points, "preferences": record_wishes,
    "borrowers": record_people,
}  # fmt: skip
"""Tables of which we know something that another system does not."""

FactTable = StrEnum("FactTable", {name: name for name in TABLES if name not in ELSEWHERE})  # type: ignore[misc]


@router.post("/facts/{table}", response=may_answer(200, FactsTaken), operation_id="tell_facts")
@through(Scope.WRITE_FACTS, writes=True)
def tell_facts(request: HttpRequest, table: FactTable, given: FactsGiven) -> Status[dict[str, object]]:
    """Tell rows of a table of the contract. Rows that cannot be used come back with the reason, the others are kept."""
    client, at, name = client_of(request), now(), str(table.value)
    good, refused = judged(name, given.rows)
    for judge in (partial(not_theirs, client), changed_for_good, partial(undoes_her_word, at=at)):
        refused += judge(name, _without(good, refused))
    usable = _without(good, refused)
    told = [it.told for it in sorted(refused, key=lambda it: it.row)]
    if given.atomic and refused:
        raise Problem(
            422,
            "rows_refused",
            f"{len(given.rows) - len(usable)} rows cannot be used, so none was kept.",
            refused=told,
        )
    keep = KEPT_BY.get(name) or partial(record, name)
    try:
        added = keep(list(usable.values()), source=client.source, at=at) if usable else []
    except (PaysAnotherLoan, ToldDifferently) as no:
        raise Problem(409, "told_differently", str(no)) from None
    answer = {"table": name, "added": len(added), "unchanged": len(usable) - len(added), "refused": told}
    return Status(200, answer)


def _without(good: Good, refused: Sequence[Refusal]) -> Good:
    out = {it.row for it in refused}
    return {place: row for place, row in good.items() if place not in out}
