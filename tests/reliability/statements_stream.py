"""A file of a million bookings is read into the database line by line; how much memory that took."""

import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from tests.reliability.own_process import answered, made_ready
from tests.repayment.statements.banks import ACCOUNT, Move, _bal, _entry

MEMORY_MB = 300
DAYS = 20


def write(path: Path, bookings: int) -> None:
    """A camt.053.001.08 of one account; every seventh booking is like another of its day."""
    chance, first = random.Random(1), date(2026, 11, 1)
    amounts = [chance.randrange(100, 100_000) for _ in range(bookings)]
    with path.open("w", encoding="utf-8") as out:
        out.write(
            '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId>'
            f"<CreDtTm>2026-11-25T03:00:00Z</CreDtTm></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            f"{_bal('OPBD', 0)}{_bal('CLBD', sum(amounts))}"
        )
        for number, amount in enumerate(amounts):
            on = first + timedelta(days=number * DAYS // bookings)
            unique = "" if number % 7 == 0 else str(number)
            move = Move(
                on, amount, f"payment {unique}", "John Doe", "GB33BUKB20201555555555", unique and f"B{unique}"
            )
            out.write(_entry(move, "08"))
        out.write("</Stmt></BkToCstmrStmt></Document>")


def peak_mb() -> float:
    """The most memory this process ever held (VmHWM of /proc/self/status)."""
    rows = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(it.split()[1]) for it in rows if it.startswith("VmHWM")) / 1024


def stream(bookings: int, place: Path) -> dict[str, object]:
    """Keep them all once, then read them again: none is added."""
    from tests.recording import NOW
    from tideover.repayment.statements.keeping import begun, keep
    from tideover.repayment.statements.models import StatementLine

    path = place / "million.xml"
    write(path, bookings)
    size, told = path.stat().st_size, []
    for turn in ("first", "again"):
        file, _ = begun(path, by="", at=NOW)
        started = time.monotonic()
        tally = keep(path, file, columns=None, currency="")
        told.append(
            {"turn": turn, "seconds": round(time.monotonic() - started, 1), "known": tally.counts["known"]}
        )
    lines, memory = StatementLine.objects.count(), round(peak_mb(), 1)
    passed = lines == bookings and told[1]["known"] == bookings and memory < MEMORY_MB
    return {
        "bookings": bookings,
        "megabytes": size >> 20,
        "lines": lines,
        "peak_mb": memory,
        "turns": told,
        "passed": passed,
    }


if __name__ == "__main__":
    where = Path(sys.argv[sys.argv.index("--here") + 1])
    made_ready()
    answered(where, stream(int(sys.argv[1]), where))
