"""What pages show of statements: money that waits, with everything that points somewhere; files, with what came of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet

from tideover.access.allowed import branches_of
from tideover.access.models import Staff
from tideover.book.models import FACTS, Person
from tideover.repayment.statements.identity import Told
from tideover.repayment.statements.models import STATES, StatementFile, StatementLine
from tideover.repayment.statements.words import because
from tideover.repayment.ways.references import in_groups, reference_of

A_PAGE = 25
SHOWN = ("waiting", "kept", "matched", "sent_back", "returned")
MOST = 10


@dataclass(frozen=True)
class Candidate:
    """A loan that money may be for, and what points to it. Whose it is, where this member of staff may know."""

    loan_id: str
    reference: str
    name: str
    is_hers: bool
    because: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A line as a page shows it."""

    line: StatementLine
    told: Told
    why: str
    state: str
    candidates: Sequence[Candidate]

    @property
    def names(self) -> list[str]:
        """Whom it points to by more than its amount, each once."""
        told = [it for it in self.candidates if it.because != (because("amount"),)]
        return list(dict.fromkeys(it.name if it.is_hers else "a loan of another branch" for it in told))

    @property
    def is_in(self) -> bool:
        """It came in."""
        return self.line.amount > 0


def lines_for(staff: Staff) -> QuerySet[StatementLine]:
    """Money that is nobody's yet is for everybody who matches it; what was matched is of the branch of its loan."""
    branches = branches_of(staff)
    if branches is None:
        return StatementLine.objects.all()
    people = Person.objects.in_branches(branches).values("pk")
    loans = FACTS["loans"].objects.filter(borrower_id__in=people).values("loan_id")
    return StatementLine.objects.filter(Q(loan_id="") | Q(loan_id__in=loans))


def money_page(state: str, number: str | None, staff: Staff) -> tuple[Page[StatementLine], list[Row]]:
    """Lines in a state, the oldest first: money that waits is somebody's. Constant queries."""
    wanted = state if state in SHOWN else "waiting"
    page = Paginator(lines_for(staff).filter(state=wanted).order_by("booked_on", "pk"), A_PAGE).get_page(
        number
    )
    return page, rows_of(list(page), staff)


def rows_of(lines: Sequence[StatementLine], staff: Staff) -> list[Row]:
    """With candidates: those that were found when it was read, and loans whose next payment is of just this amount."""
    by_amount = _of_that_amount([it for it in lines if it.state in ("waiting", "kept") and it.amount > 0])
    found = {it.pk: _candidates(it, by_amount.get(it.pk, ())) for it in lines}
    every = {loan for loans in found.values() for loan, _ in loans} | {
        it.loan_id for it in lines if it.loan_id
    }
    owners: dict[str, str] = dict(
        FACTS["loans"]
        .objects.filter(loan_id__in=every)
        .order_by("recorded_at", "id")
        .values_list("loan_id", "borrower_id")
    )
    people = Person.objects.visible_to(staff).in_bulk(sorted(set(owners.values())))
    return [
        Row(
            it, Told.of(it.told), because(it.why) if it.why else "", STATES[it.state],
            [_shown(loan, codes, people.get(owners.get(loan, ""))) for loan, codes in found[it.pk]],
        )
        for it in lines
    ]  # fmt: skip


def _candidates(line: StatementLine, of_amount: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    told = {loan: tuple(codes) for loan, codes in line.candidates}
    if line.loan_id and line.loan_id not in told:
        told[line.loan_id] = ()
    told |= {loan: ("amount",) for loan in of_amount if loan not in told}
    return list(told.items())[:MOST]


def _shown(loan: str, codes: Sequence[str], person: Person | None) -> Candidate:
    told = tuple(because(it) for it in codes)
    if person is None:
        return Candidate(loan, "", "", False, told)
    return Candidate(loan, in_groups(reference_of(loan)), person.name or person.pk, True, told)


def _of_that_amount(lines: Sequence[StatementLine]) -> dict[int, list[str]]:
    """Loans with an open instalment of just that amount, a few for each line: to be looked at, never enough."""
    amounts = {it.amount for it in lines}
    if not amounts:
        return {}
    left = FACTS["instalments"].objects.annotate(due=F("principal") + F("interest") + F("fees") - F("paid"))
    hits: defaultdict[int, set[str]] = defaultdict(set)
    for due, loan in (
        left.filter(due__in=amounts, settled_on=None).values_list("due", "loan_id").distinct()[:500]
    ):
        hits[due].add(loan)
    return {it.pk: sorted(hits[it.amount])[:MOST] for it in lines if len(hits[it.amount]) <= MOST}


@dataclass(frozen=True)
class FileRow:
    """A file and what came of it."""

    file: StatementFile
    read: int
    known: int
    matched: Sequence[tuple[str, int]]
    waiting: Sequence[tuple[str, int]]
    other: Sequence[tuple[str, int]]

    @property
    def is_quiet(self) -> bool:
        """Nothing in it is to be looked at."""
        return not (self.waiting or self.file.doubts)


def files_page(number: str | None) -> tuple[Page[StatementFile], list[FileRow]]:
    """Files, the latest first."""
    page = Paginator(StatementFile.objects.order_by("-read_at", "-pk"), A_PAGE).get_page(number)
    return page, [file_row(it) for it in page]


def file_row(file: StatementFile) -> FileRow:
    """What came of a file, in words."""
    counts: Counter[str] = Counter(file.counts)
    return FileRow(
        file, counts["lines"], counts["known"] + counts["joined"], _by(counts, "matched"), _by(counts, "waiting"),
        [(text, counts[name]) for name, text in OTHER.items() if counts[name]],
    )  # fmt: skip


def _by(counts: Counter[str], state: str) -> list[tuple[str, int]]:
    found: Any = (
        (because(name.partition(":")[2]), number)
        for name, number in counts.items()
        if name.startswith(f"{state}:")
    )
    return sorted(found, key=lambda it: -it[1])


OTHER = {
    "out": "went out and concern no loan",
    "returned:returned": "took back a payment that had come in",
    "aside": "could not be read and were set aside",
    "booked_now": "were on their way before and are booked now",
    "withdrawn": "were taken back by a corrected statement",
    "missing": "are missing from a statement that tells of their day",
    "disagree": "statements whose lines and balances differ",
}
"""What else can have come of lines."""
