"""What the shipped strategy does on real books, as a page: python -m tests.real.page. Writes docs/on-real-data.md."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.real import mobile_page, months_page, october_page, sources
from tideover.engine.decision.setup import Setup, read_setup

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "on-real-data.md"
PICTURES = ROOT / "docs" / "pictures"
COMMAND = "python -m tests.real.page"

LIMITS = """## What this does not show

- **No effect of a contact.** Nobody in these books was written to by this strategy. That those who are helped early repay worse says
  that help goes to people for whom it is hard, not that help works, nor that peace does. That is for a trial with a hold-out.
- **Assumptions.** Channels, consents, languages, time zones, countries and fresh payments are assumed by the mappings, and every reason
  says so. With real consents fewer people could be reached.
- **Who is missing.** An earlier mobile loan is in the data only because the person took another one later: loans that were never
  repaid are missing, so late groups look better than they were. Cards have no amounts, or no due days.
- **No answers.** Nobody replies, promises a day, asks for help or complains here, so nothing that rests on an answer is tried.
- **Old books.** Nigeria 2016-2017, Taiwan 2005, a bank and years unknown. Another lender's people differ; `tideover simulate` tries
  the strategy on its own book.
- **Groups are not people.** A share of a group says little about one of its members, and the difference between two groups is no
  reason to press anybody."""


def main() -> None:
    """Import, decide, count and write."""
    if not sources.present():
        sys.exit(f"The sources are not here: {sources.SHARED} should hold {', '.join(sources.NAMES)}.")
    started, setup = time.perf_counter(), read_setup()
    with tempfile.TemporaryDirectory(prefix="real-") as place:
        parts = [
            make(sources.book(name, Path(place)), setup, PICTURES, _teller(name, started))
            for name, make in (
                (sources.MOBILE, mobile_page.section),
                (sources.MONTHS, months_page.section),
                (sources.OCTOBER, october_page.section),
            )
        ]
    PAGE.write_text(
        "\n\n".join((_opening(setup, time.perf_counter() - started), *parts, LIMITS)) + "\n", "utf-8"
    )
    sys.stderr.write(f"{PAGE.relative_to(ROOT)}, {time.perf_counter() - started:.0f} s\n")


def _teller(name: str, started: float) -> Callable[[str], None]:
    def tell(said: str) -> None:
        sys.stderr.write(f"{name}: {said}, {time.perf_counter() - started:.0f} s\n")

    return tell


def _opening(setup: Setup, seconds: float) -> str:
    strategy = setup.strategy
    return f"""# On real data

Three real books, imported as they are and decided from their first day to their last by the shipped strategy `{strategy.name}`
({strategy.hash[:12]}), each day from what was known on it. Do the people whom it treats differently really repay differently?

Made by `{COMMAND}` on {datetime.now(UTC).date()} in {seconds / 60:.0f} minutes, from files that are not part of the repository.
Every number is counted, none is typed; intervals are Wilson's at 95 %, wider where the same people are counted several times.
A group is named by its purpose and its first reason."""


if __name__ == "__main__":
    main()
