"""Random accounts, each told by its bank in files of every kind and with every bad habit; what was kept is held against the truth.

Overlaps, repeats in any order, equal transfers, numbers used again, numbers missing, sums told apart or not, bookings that
were pending first, moved later or came back, statements that were corrected. `run(full=True)` tries 5,000 accounts and
streams a file of a million bookings.
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from tests.reliability.own_process import answered, in_own_process, made_ready
from tests.repayment.statements.banks import KINDS, MAPPING, Move, written

NAMES = ("John Doe", "Anna Kalniņa", "Müller & Söhne", "", "O'Brien")
TEXTS = ("rent", "loan", "paldies", "invoice 12/2026")
AMOUNTS = (10_000, 10_000, 10_000, 2_500, 99, 123_456)
LOANS = 20
MILLION = 1_000_000
MEMORY_MB = 300


@dataclass
class Case:
    """An account: what is true in the end, and the files in the order in which they come."""

    seed: int
    moves: list[Move] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    habits: set[str] = field(default_factory=set)
    loans: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return f"LV80BANK{self.seed:013}"


def case_of(seed: int, references: list[str]) -> Case:
    """One account with a history of its own."""
    chance, case = random.Random(seed), Case(seed)
    kinds = [chance.choice(KINDS)]
    if chance.random() < 0.25:
        kinds = list(
            chance.choice([("camt02", "camt08"), ("camt08", "mt940"), ("camt08", "csv"), ("camt02", "ofx")])
        )
        case.habits.add("two kinds of file")
    _move(case, chance, kinds, references)
    _tell(case, chance, kinds)
    return case


def _move(case: Case, chance: random.Random, kinds: list[str], references: list[str]) -> None:
    start = (
        date(2026, 12, 22)
        if chance.random() < 0.3
        else date(2026, 9, 1) + timedelta(days=chance.randrange(60))
    )
    numbered = chance.choice(["all", "none", "some"])
    case.habits.add(f"numbers: {numbered}")
    count = 0
    for on in (start + timedelta(days=it) for it in range(chance.randint(4, 12))):
        for _ in range(chance.choice([0, 1, 1, 2, 4])):
            count += 1
            # Numbers begin anew with the year: the same one names another booking then.
            number = f"N{count if on.year == start.year else count - 5:04}"
            has = numbered == "all" or (numbered == "some" and chance.random() < 0.5)
            own = f"E{case.seed}-{count}" if chance.random() < 0.4 else ""
            amount = chance.choice(AMOUNTS) * (-1 if chance.random() < 0.15 else 1)
            text = chance.choice(TEXTS)
            if amount > 0 and references and chance.random() < 0.2:
                text = f"{text} {chance.choice(references)}"
            payer = f"GB33BUKB2020155555{chance.randrange(4):04}"
            move = Move(on, amount, text, chance.choice(NAMES), payer, number if has else "", own)
            case.moves += _several(case, chance, move, kinds)


def _several(case: Case, chance: random.Random, move: Move, kinds: list[str]) -> list[Move]:
    if move.amount > 0 and chance.random() < 0.12:
        case.habits.add("equal transfers")
        return [replace(move, bank_id=f"{move.bank_id}{it}" if move.bank_id else "") for it in "abc"]
    if move.amount > 1_000 and all(it.startswith("camt") for it in kinds) and chance.random() < 0.12:
        case.habits.add("sums of several")
        first = move.amount // 3
        parts = (
            replace(move, amount=first, bank_id="", end_to_end=f"{move.end_to_end}P1"),
            replace(move, amount=move.amount - first, bank_id="", end_to_end=f"{move.end_to_end}P2"),
        )
        return [replace(move, amount=move.amount, text="", name="", payer="", end_to_end="", parts=parts)]
    if move.amount > 0 and move.end_to_end and chance.random() < 0.1:
        case.habits.add("came back")
        back = replace(
            move, on=move.on, amount=-move.amount, is_reversal=True, code="AM04",
            bank_id=f"R{move.bank_id}" if move.bank_id else "",
        )  # fmt: skip
        return [move, back]
    return [move]


def _tell(case: Case, chance: random.Random, kinds: list[str]) -> None:
    """Files of whole days that overlap; what changes on the way changes for every file that follows."""
    if not case.moves:
        case.moves = [Move(date(2026, 10, 1), 500, "x")]
    first, last = case.moves[0].on, case.moves[-1].on
    days = [first + timedelta(days=it) for it in range((last - first).days + 1)]
    at, number = 0, 0
    while at < len(days):
        number += 1
        begin = max(0, at - chance.choice([0, 1, 2, 4]))
        end = min(len(days) - 1, at + chance.choice([0, 1, 3, 5]))
        _pend(case, chance, kinds, days[end])
        case.files.append(_file(case, chance, kinds, days[begin], days[end], number))
        if chance.random() < 0.25:
            case.habits.add("read again")
            case.files.append(chance.choice(case.files))
        if chance.random() < 0.15:
            _renumber(case, chance, kinds, days[begin], days[end], number)
        at = end + 1
    case.files.append(_file(case, chance, kinds, first, last, number + 1, ending=b"\n", is_told_apart=True))
    if chance.random() < 0.3:
        case.habits.add("an old file last")
        case.files.append(case.files[0] + b"\n")
    if chance.random() < 0.15 and kinds[0].startswith("camt"):
        _correct(case, chance, kinds)


def _file(
    case: Case,
    chance: random.Random,
    kinds: list[str],
    first: date,
    last: date,
    number: int,
    *,
    ending=b"",
    is_told_apart=False,
) -> bytes:
    kind = chance.choice(kinds)
    moves = [it for it in case.moves if first <= it.on <= last]
    if any(it.parts for it in moves) and not is_told_apart and chance.random() < 0.4:
        moves = [replace(it, parts=()) for it in moves]
    opening = 5_000 + sum(it.amount for it in case.moves if it.on < first)
    return written(kind, moves, account=case.account, opening=opening, number=f"{number}{first:%j}") + ending


def _pend(case: Case, chance: random.Random, kinds: list[str], on: date) -> None:
    """Before a day is booked, the bank says what is on its way: with another number, or none, and a day early."""
    if chance.random() > 0.2 or any(it in ("mt940", "ofx") for it in kinds):
        return
    case.habits.add("pending first")
    coming = [
        replace(it, is_pending=True, bank_id="", on=it.on - timedelta(days=1))
        for it in case.moves
        if it.on == on and not it.parts and not it.is_reversal
    ]
    case.files.append(
        written(chance.choice(kinds), coming, account=case.account, balances=False, number=f"P{on:%j}")
    )


def _renumber(
    case: Case, chance: random.Random, kinds: list[str], first: date, last: date, number: int
) -> None:
    """The bank gives a booking another number and another day, and tells the whole time again."""
    hers = [
        place
        for place, it in enumerate(case.moves)
        if first < it.on < last and not it.parts and not it.is_reversal
    ]
    if not hers:
        return
    case.habits.add("number and day changed")
    place = chance.choice(hers)
    old = case.moves[place]
    moved = replace(
        old,
        bank_id=f"Z{old.bank_id}" if old.bank_id else "",
        on=old.on + timedelta(days=1),
        value_on=old.value,
    )
    case.moves[place] = moved
    case.files.append(_file(case, chance, kinds, first, last, number, ending=b"\n\n"))


def _correct(case: Case, chance: random.Random, kinds: list[str]) -> None:
    """A statement whose last day was wrong, and the same statement put right."""
    last = case.moves[-1].on + timedelta(days=3)
    case.habits.add("corrected")
    opening = 5_000 + sum(it.amount for it in case.moves)
    wrong, right = Move(last, 77_700, "wrong", "John Doe"), Move(last, 7_770, "right", "John Doe")
    for told in (wrong, right):
        case.files.append(written(kinds[0], [told], account=case.account, opening=opening, number="C1"))
    case.moves.append(right)


def truth(case: Case) -> Counter:
    """Every movement there was, each payment of a sum by itself."""
    moves = [part for it in case.moves for part in (it.parts or (it,))]
    return Counter((it.amount, it.value.isoformat()) for it in moves)


def kept(case: Case) -> tuple[Counter, int]:
    """What we have of the account, and how many of it wait because they may be known already."""
    from tideover.repayment.statements.models import COUNTS_NOT, StatementLine

    rows = StatementLine.objects.filter(account=case.account).exclude(state__in=COUNTS_NOT)
    doubtful = rows.filter(why="maybe_known").count()
    return Counter((it.amount, it.value_on.isoformat()) for it in rows), doubtful


def try_case(case: Case, place: Path) -> dict:
    """Read every file of an account. What is missing, what is too much, what waits in doubt."""
    from tests.people import AT
    from tideover.kit.days import datetime_of
    from tideover.repayment.statements.reading import Columns
    from tideover.repayment.statements.taking import take_statement

    columns = Columns(**MAPPING)
    for number, told in enumerate(case.files):
        path = place / f"{case.seed}-{number}"
        path.write_bytes(told)
        take_statement(path, at=datetime_of(AT + case.seed), columns=columns)
        path.unlink()
    have, doubtful = kept(case)
    true = truth(case)
    return {"missing": true - have, "extra": have - true, "doubtful": doubtful}


def loans_to_pay() -> list[str]:
    """Loans of the book whose references payers write. Their keys by reference."""
    from tests.people import AT, loan, schedule, someone, together
    from tests.recording import recorded
    from tideover.repayment.ways.references import reference_of

    day = AT // 86_400
    for it in range(LOANS):
        name = f"p{it}"
        recorded(
            together(
                someone(name),
                loan(name, currency="EUR", principal=10**9),
                schedule(name, [day, day + 30], amount=10**8),
            )
        )
    return [reference_of(f"p{it}-loan-1") for it in range(LOANS)]


def paid_where_it_says(references: list[str]) -> int:
    """Lines that carry a loan's reference and are not with that loan."""
    from tideover.repayment.statements.identity import Told
    from tideover.repayment.statements.models import StatementLine

    loan_of = {reference: f"p{it}-loan-1" for it, reference in enumerate(references)}
    wrong = 0
    for it in (
        StatementLine.objects.filter(amount__gt=0, state__in=("matched", "waiting"))
        .exclude(why="maybe_known")
        .iterator()
    ):
        named = next(
            (
                loan
                for reference, loan in loan_of.items()
                if reference in Told.of(it.told).text.replace(" ", "")
            ),
            "",
        )
        wrong += it.parts != 0 and named != it.loan_id
    return wrong


def try_all(cases: int, place: Path, first: int = 0) -> dict[str, object]:
    """So many accounts, one after the other."""
    from tideover.repayment.statements.verifying import verify_statements

    references = loans_to_pay()
    habits, bad, doubtful, files = Counter(), [], 0, 0
    for seed in range(first, first + cases):
        case = case_of(seed, references)
        found = try_case(case, place)
        habits.update(case.habits)
        files += len(case.files)
        doubtful += found["doubtful"]
        if found["missing"] or sum(found["extra"].values()) > found["doubtful"]:
            bad.append({"seed": seed, "habits": sorted(case.habits), **{k: str(v) for k, v in found.items()}})
    sums = verify_statements()
    return {
        "cases": cases, "files": files, "wrong": len(bad), "doubtful_lines": doubtful, "habits": dict(habits), "bad": bad[:10],
        "misplaced": paid_where_it_says(references), "sums": sums.said, "sums_hold": sums.holds,
        "passed": not bad and sums.holds and not paid_where_it_says(references),
    }  # fmt: skip


def run(full: bool) -> dict[str, object]:
    """Every account in a product of its own."""
    found = in_own_process("tests.reliability.statements_sim", 5_000 if full else 20)
    if full:
        stream = in_own_process("tests.reliability.statements_stream", MILLION)
        found |= {"stream": stream, "passed": found["passed"] and stream["passed"]}
    return found


if __name__ == "__main__":
    where = Path(sys.argv[sys.argv.index("--here") + 1])
    made_ready()
    answered(where, try_all(int(sys.argv[1]), where, int(sys.argv[2]) if sys.argv[2].isdigit() else 0))
