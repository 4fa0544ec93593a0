"""A file of a bank is kept line by line, each movement once, however often and in whichever files it comes.

Lines go in by chunks, a transaction each: a reader that is killed begins again and doubles nothing. What the lines are
for is looked at when the whole file is there.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from tideover.kit.money import decimal_of
from tideover.repayment.statements.counting import Counts
from tideover.repayment.statements.identity import content, entry_of, exact, index_of, told_of
from tideover.repayment.statements.models import LineKey, Sheet, StatementFile, StatementLine
from tideover.repayment.statements.pieces import in_pieces
from tideover.repayment.statements.reading import Aside, Begins, Columns, Ends, Heard, Line, read_file

AT_ONCE, AT_A_QUESTION = 1_000, 500
MOST_DOUBTS = 200
A_PIECE = 1 << 20
Progress = Callable[[int], None]


@dataclass
class Tally:
    """What was seen while a file was read."""

    counts: Counter[str] = field(default_factory=Counter)
    doubts: list[str] = field(default_factory=list)

    def doubt(self, said: str) -> None:
        """Note where something is wrong; the first ones by their words, all of them by their number."""
        if len(self.doubts) < MOST_DOUBTS:
            self.doubts.append(said)


def digest_of(path: Path) -> str:
    """The name of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep(
    path: Path,
    file: StatementFile,
    *,
    columns: Columns | None,
    currency: str,
    progress: Progress = lambda _: None,
) -> Tally:
    """Read a file into lines; those that are known already are noted as seen. Raises Unreadable, Forbidden."""
    file.kind, heard = read_file(path, columns=columns, currency=currency)
    reader = _Reader(file, Tally())
    for some in in_pieces(reader.lines(heard), AT_ONCE):
        reader.keep(some)
        progress(reader.tally.counts["lines"])
    reader.close_sheets()
    return reader.tally


@dataclass
class _Placed:
    """A line, where it stands and the how-manieth of its kind it is."""

    line: Line
    sheet: Sheet
    exact: str
    occurrence: int


@dataclass
class _Reader:
    file: StatementFile
    tally: Tally
    sheet: Sheet | None = None
    seen: Counts = field(default_factory=Counts)
    """How often each line occurred so far."""

    here: Counts | None = None
    """The same within a statement that stands in the file a second time: it is counted from the beginning again."""

    sheets: dict[tuple[str, str, int | None], int] = field(default_factory=dict)
    done: list[Sheet] = field(default_factory=list)

    def lines(self, heard: Iterable[Heard]) -> Iterator[_Placed]:
        """Each line with its place; statements are begun and ended on the way."""
        for it in heard:
            if isinstance(it, Begins):
                self._begin(it)
            elif isinstance(it, Ends):
                self._end(it)
            elif isinstance(it, Aside):
                self.tally.counts["aside"] += 1
                self.tally.doubt(f"{it.where}: {it.why}")
            elif self.sheet is not None:
                yield self._place(it, self.sheet)

    def _begin(self, told: Begins) -> None:
        self.sheet = Sheet.objects.create(
            file=self.file, account=told.account[:64], number=told.number[:64], currency=told.currency, opening=told.opening
        )  # fmt: skip
        place = (told.account, told.number, told.opening)
        is_again = bool(told.number) and place in self.sheets
        self.here = Counts() if is_again else None
        self.sheets[place] = self.sheet.pk

    def _end(self, told: Ends) -> None:
        sheet = self.sheet
        if sheet is None:
            return
        sheet.opening = told.opening if told.opening is not None else sheet.opening
        sheet.closing, sheet.currency = told.closing, told.currency or sheet.currency
        if sheet.opening is not None and sheet.closing is not None and not sheet.agrees:
            off = sheet.closing - sheet.opening - sheet.total
            self.tally.counts["disagree"] += 1
            self.tally.doubt(
                f"statement {sheet.number or '?'}: its lines and its balances differ by {decimal_of(off, sheet.currency)} {sheet.currency}"
            )
        self.done.append(sheet)
        self.sheet = None
        if len(self.done) >= AT_ONCE:
            self.close_sheets()

    def close_sheets(self) -> None:
        """Keep what the statements that ended lead to."""
        fields = ["opening", "closing", "currency", "total", "first_on", "last_on"]
        Sheet.objects.bulk_update(self.done, fields, batch_size=200)
        self.done.clear()

    def _place(self, line: Line, sheet: Sheet) -> _Placed:
        if not line.is_pending:
            sheet.total += line.amount
            sheet.first_on = min(sheet.first_on or line.booked_on, line.booked_on)
            sheet.last_on = max(sheet.last_on or line.booked_on, line.booked_on)
        sign = exact(line)
        occurrence = (self.seen if self.here is None else self.here).add(int(sign[:15], 16))
        self.tally.counts["lines"] += 1
        return _Placed(line, sheet, sign, occurrence)

    @transaction.atomic
    def keep(self, some: Iterable[_Placed]) -> None:
        """A chunk: what is known is noted as seen here, what is new is added."""
        placed = {(it.exact, it.occurrence): it for it in some}
        known = _known(placed)
        for ids in in_pieces(sorted(set(known.values())), AT_A_QUESTION):
            StatementLine.objects.filter(pk__in=ids).update(seen_in=self.file.pk)
        new = [it for key, it in placed.items() if key not in known]
        made = [_made(it, self.file) for it in new]
        StatementLine.objects.bulk_create(made, batch_size=500)
        LineKey.objects.bulk_create(
            [
                LineKey(exact=it.exact, occurrence=it.occurrence, line=line)
                for it, line in zip(new, made, strict=True)
            ],
            batch_size=500,
        )
        self.tally.counts["known"] += len(placed) - len(new)


def _known(placed: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    wanted, found = set(placed), dict[tuple[str, int], int]()
    for signs in in_pieces(sorted({sign for sign, _ in wanted}), AT_A_QUESTION):
        rows = LineKey.objects.filter(exact__in=signs).values_list("exact", "occurrence", "line_id")
        found |= {(sign, occurrence): line for sign, occurrence, line in rows if (sign, occurrence) in wanted}
    return found


def _made(placed: _Placed, file: StatementFile) -> StatementLine:
    line = placed.line
    entry, ref = entry_of(line)
    return StatementLine(
        file=file, sheet_id=placed.sheet.pk, seen_in=file.pk, account=line.account[:64], booked_on=line.booked_on,
        value_on=line.value_on, amount=line.amount, currency=line.currency, bank_id=line.bank_id[:64],
        content=content(line), entry=entry, entry_ref=ref[:64], parts=line.parts, end_to_end=index_of(line.end_to_end),
        payer=index_of(line.other_account), is_reversal=line.is_reversal, return_code=line.return_code[:16],
        told=told_of(line), state="pending" if line.is_pending else "read",
    )  # fmt: skip


def spans(file: StatementFile) -> dict[str, tuple[date, date]]:
    """From which to which day a file tells of each account."""
    found: dict[str, tuple[date, date]] = {}
    for it in file.sheets.exclude(first_on=None):
        if it.first_on is None or it.last_on is None:
            continue
        first, last = found.get(it.account, (it.first_on, it.last_on))
        found[it.account] = (min(first, it.first_on), max(last, it.last_on))
    return found


def begun(path: Path, *, by: str, at: datetime) -> tuple[StatementFile, bool]:
    """The file's row, and whether it was read to its end before."""
    made, _ = StatementFile.objects.get_or_create(
        digest=digest_of(path), defaults={"name": path.name, "read_at": at, "by": by}
    )
    return made, made.is_done
