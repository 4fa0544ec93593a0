"""What was on its way becomes what was booked: one line, in whichever order the files come."""

from __future__ import annotations

from collections import defaultdict

from tideover.repayment.statements.identity import Told, say_the_same
from tideover.repayment.statements.keeping import Tally
from tideover.repayment.statements.models import COUNTS_NOT, LineKey, StatementLine
from tideover.repayment.statements.nearness import Lines, near, of_amounts


def join_pending(account: str, tally: Tally) -> None:
    """What was on its way and is booked now is one line; also where the file that said it was on its way comes later."""
    waiting = list(StatementLine.objects.filter(account=account, state="pending").order_by("booked_on", "pk"))
    if not waiting:
        return
    booked = StatementLine.objects.filter(account=account, was_pending=False).exclude(state__in=COUNTS_NOT)
    pool: defaultdict[tuple[int, str], Lines] = defaultdict(list)
    for it in of_amounts(booked, {it.amount for it in waiting}):
        pool[it.amount, it.currency].append(it)
    for it in waiting:
        close = [one for one in pool[it.amount, it.currency] if near(it, one) and not one.was_pending]
        found = next((one for one in close if _is_the_pending(it, one)), None)
        if found is not None:
            LineKey.objects.filter(line=it).update(line=found)
            found.was_pending = True
            found.save(update_fields=["was_pending"])
            it.delete()
            tally.counts["booked_now"] += 1


def _is_the_pending(pending: StatementLine, booked: StatementLine) -> bool:
    if pending.bank_id and pending.bank_id == booked.bank_id:
        return True
    if pending.end_to_end and booked.end_to_end:
        return pending.end_to_end == booked.end_to_end
    return (
        pending.content == booked.content or say_the_same(Told.of(pending.told), Told.of(booked.told)) is True
    )
