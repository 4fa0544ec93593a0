"""When a whole file is there: which of its new lines are old ones that the bank tells differently now.

A line is never taken for another on its amount alone. What cannot be told is left as two lines, and a person looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tideover.repayment.statements.identity import Told, say_the_same
from tideover.repayment.statements.keeping import Tally, spans
from tideover.repayment.statements.models import COUNTS_NOT, LineKey, Sheet, StatementFile, StatementLine
from tideover.repayment.statements.nearness import LATER, Lines, moved, near, of_amounts
from tideover.repayment.statements.pendings import join_pending
from tideover.repayment.statements.telling_apart import tell_apart

A_FEW = timedelta(days=4)

DOUBTFUL = "maybe_known"
"""Why a line waits that may be one we have from another file."""


@transaction.atomic
def settle(file: StatementFile, tally: Tally, *, at: datetime) -> list[StatementLine]:
    """Join what is one; the lines that a corrected statement or a telling apart took out, for whoever has booked them."""
    taken_out: Lines = []
    for account, (first, last) in spans(file).items():
        join_pending(account, tally)
        taken_out += tell_apart(file, account, at)
        _join_moved_in(file, account, first, tally)
        gone = _gone(file, account, first, last)
        if gone:
            _join(file, account, gone, tally, (first, last))
            left = [it for it in gone if it.seen_in != file.pk]
            taken_out += _correct(file, left, tally, at)
    for account in file.sheets.filter(first_on=None).values_list("account", flat=True).distinct():
        join_pending(account, tally)
    return taken_out


def join(old: StatementLine, new: StatementLine, tally: Tally) -> None:
    """The new line is the old one, told differently: its signs lead to the old one from now on, and it goes."""
    LineKey.objects.filter(line=new).update(line=old)
    old.seen_in = new.seen_in
    old.bank_id, old.booked_on = new.bank_id or old.bank_id, new.booked_on
    old.content, old.was_pending = new.content, old.was_pending or new.was_pending
    old.save(update_fields=["seen_in", "bank_id", "booked_on", "content", "was_pending"])
    StatementLine.objects.filter(pk=new.pk).delete()
    new.pk = 0
    tally.counts["joined"] += 1


def _new(file: StatementFile, account: str) -> QuerySet[StatementLine]:
    return StatementLine.objects.filter(file=file, account=account, state="read")


def _gone(file: StatementFile, account: str, first: date, last: date) -> Lines:
    """Lines of those days that the file, which tells of them, does not have."""
    if not _new(file, account).exists():
        # Nothing new can be an old line; what a corrected statement left out is still to be found.
        numbers = [it for it in file.sheets.filter(account=account).values_list("number", flat=True) if it]
        if not Sheet.objects.filter(account=account, number__in=numbers).exclude(file=file).exists():
            return []
    rows = StatementLine.objects.filter(account=account, booked_on__gte=first, booked_on__lte=last)
    return list(rows.exclude(seen_in=file.pk).exclude(state__in=COUNTS_NOT).order_by("booked_on", "pk"))


@dataclass(frozen=True)
class _Ground:
    """What a file shows of how its bank numbers lines: days on which a line was known again by all it says, number included."""

    steady: frozenset[date]
    first: date
    last: date

    def may_be_renumbered(self, old: StatementLine, new: StatementLine) -> bool:
        """A line with another number may be the same one, unless its day is told in part and numbers are steady there."""
        if not (old.bank_id and new.bank_id) or old.bank_id == new.bank_id:
            return True
        is_whole_day = self.first < old.booked_on < self.last
        return is_whole_day or not ({old.booked_on, new.booked_on} & self.steady)


def _join(file: StatementFile, account: str, gone: Lines, tally: Tally, span: tuple[date, date]) -> None:
    steady = (
        StatementLine.objects.filter(account=account, seen_in=file.pk).exclude(file=file).exclude(bank_id="")
    )
    ground = _Ground(frozenset(steady.values_list("booked_on", flat=True).distinct()), *span)
    by_content: defaultdict[str, Lines] = defaultdict(list)
    by_amount: defaultdict[tuple[int, str], Lines] = defaultdict(list)
    for it in of_amounts(_new(file, account), {it.amount for it in gone}):
        by_content[it.content].append(it)
        by_amount[it.amount, it.currency].append(it)
    for is_one in (_same_content, _same_number, _same_reference):
        for old in gone:
            pool = by_content[old.content] if is_one is _same_content else by_amount[old.amount, old.currency]
            _join_first(old, [it for it in pool if it.pk and is_one(old, it, ground)], file, tally)
    for old in (it for it in gone if it.seen_in != file.pk):
        # Another number and another day, and yet the same in all else, on a day that may be told in part.
        for new in (
            it for it in by_content[old.content] if it.pk and it.booked_on != old.booked_on and near(old, it)
        ):
            _doubt(new, tally)
    for old in gone:
        _join_alike(old, by_amount[old.amount, old.currency], ground, file, tally)


def _join_moved_in(file: StatementFile, account: str, first: date, tally: Tally) -> None:
    """Lines that were booked shortly before the first day of the file, and which the bank books within it now.

    The file does not tell of the day they were on, so that only a reference of the payer's own proves it.
    """
    before = StatementLine.objects.filter(account=account, booked_on__gte=first - A_FEW, booked_on__lt=first)
    old = {
        (it.content, it.currency): it for it in before.exclude(seen_in=file.pk).exclude(state__in=COUNTS_NOT)
    }
    for new in _new(file, account).filter(content__in={sign for sign, _ in old}) if old else ():
        one = old.pop((new.content, new.currency), None)
        if one is not None and one.end_to_end:
            join(one, new, tally)
        elif one is not None:
            _doubt(new, tally)


def _doubt(new: StatementLine, tally: Tally) -> None:
    if new.why != DOUBTFUL:
        new.why = DOUBTFUL
        new.save(update_fields=["why"])
        tally.counts["doubtful"] += 1


def _join_first(
    old: StatementLine, fitting: Sequence[StatementLine], file: StatementFile, tally: Tally
) -> None:
    if old.seen_in == file.pk or not fitting:
        return
    nearest = min(
        fitting, key=lambda it: (it.bank_id != old.bank_id, abs((it.booked_on - old.booked_on).days), it.pk)
    )
    join(old, nearest, tally)


def _same_content(old: StatementLine, new: StatementLine, ground: _Ground) -> bool:
    return near(old, new) and ground.may_be_renumbered(old, new)


def _same_number(old: StatementLine, new: StatementLine, ground: _Ground) -> bool:
    return (
        bool(old.bank_id)
        and old.bank_id == new.bank_id
        and old.booked_on == new.booked_on
        and ground.last >= ground.first
    )


def _same_reference(old: StatementLine, new: StatementLine, ground: _Ground) -> bool:
    is_same = bool(old.end_to_end) and old.end_to_end == new.end_to_end and old.value_on == new.value_on
    return is_same and near(old, new) and ground.may_be_renumbered(old, new)


def _join_alike(old: StatementLine, pool: Lines, ground: _Ground, file: StatementFile, tally: Tally) -> None:
    """Lines of one day and amount in two dialects: one where their words say so, a doubt where nothing tells."""
    for new in pool:
        if not new.pk or old.seen_in == file.pk or not ground.may_be_renumbered(old, new):
            continue
        is_day = new.booked_on == old.booked_on
        if not is_day and not (new.value_on == old.value_on and near(old, new)):
            continue
        is_one = say_the_same(Told.of(old.told), Told.of(new.told))
        if is_one:
            join(old, new, tally)
        elif is_one is None and is_day:
            _doubt(new, tally)


def _correct(file: StatementFile, gone: Lines, tally: Tally, at: datetime) -> Lines:
    """A statement that comes a second time and says something else replaces the first: what it left out is taken back."""
    newer = {it.number: it for it in file.sheets.exclude(number="") if it.agrees}
    old_sheets = Sheet.objects.in_bulk({it.sheet_id for it in gone if it.sheet_id})
    taken = []
    for it in gone:
        sheet = old_sheets.get(it.sheet_id or 0)
        again = newer.get(sheet.number) if sheet else None
        if sheet and again and _replaces(again, sheet):
            taken.append(moved(it, "withdrawn", at))
            tally.counts["withdrawn"] += 1
        elif any(one.agrees and _tells_all_of(one, it.booked_on) for one in newer.values()):
            tally.counts["missing"] += 1
            tally.doubt(
                f"a line of {it.booked_on}, known from file {it.file_id}, is not in this statement of that day"
            )
    return taken


def _replaces(new: Sheet, old: Sheet) -> bool:
    if new.first_on is None or old.first_on is None:
        return False
    is_same = new.account == old.account and new.opening == old.opening
    return is_same and abs(new.first_on - old.first_on) <= LATER


def _tells_all_of(sheet: Sheet, on: date) -> bool:
    return sheet.first_on is not None and sheet.last_on is not None and sheet.first_on < on < sheet.last_on
