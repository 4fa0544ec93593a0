"""What the shipped strategy does on real books, as a page: python -m tests.real.page. Writes docs/on-real-data.md."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.real import mobile_page, months_page, october_page, sources
from tests.real.words import Part
from tideover.engine.decision.setup import Setup, read_setup

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "on-real-data.md"
PICTURES = ROOT / "docs" / "pictures"
COMMAND = "python -m tests.real.page"

LIMITS = """## What this does not show

- **No effect of a contact.** Nobody in these books was written to by this strategy. That those who would be helped early repay less
  often says that help would go to people for whom it is hard, not that help works, nor that peace does. That is for a trial
  with a hold-out.
- **Assumptions.** Channels, consents, languages, time zones, countries and fresh payments are assumed by the mappings, and every reason
  says so. With real consents fewer people could be reached.
- **Who is missing.** An earlier mobile loan is in the data only because the person took another one later: loans that were never
  repaid are missing, so late groups look better than they were. One card book has no amounts, and neither has due days.
- **No answers.** Nobody replies, promises a day, asks for help or complains here, so nothing that rests on an answer is tried.
- **Old books.** Nigeria 2016-2017, Taiwan 2005, a bank and years unknown. Another lender's people differ; `tideover simulate` tries
  the strategy on its own book.
- **No limits of a team.** Every call that is decided counts as made; a real team has only so many hours.
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
        "\n\n".join(
            (_opening(setup, parts, time.perf_counter() - started), *(it.text for it in parts), LIMITS)
        )
        + "\n",
        "utf-8",
    )
    sys.stderr.write(f"{PAGE.relative_to(ROOT)}, {time.perf_counter() - started:.0f} s\n")


def _teller(name: str, started: float) -> Callable[[str], None]:
    def tell(said: str) -> None:
        sys.stderr.write(f"{name}: {said}, {time.perf_counter() - started:.0f} s\n")

    return tell


def _opening(setup: Setup, parts: Sequence[Part], seconds: float) -> str:
    strategy = setup.strategy
    return f"""# On real data

Three real books, imported as they are and decided from their first day to their last by the shipped strategy `{strategy.name}`
({strategy.hash[:12]}), each day from what was known on it. Do the people whom it treats differently really repay differently?

Made by `{COMMAND}` on {datetime.now(UTC).date()} in {seconds / 60:.0f} minutes, from files that are not part of the repository.
Every figure in the tables and findings is counted when the page is made; only the "known figures", which come with the data, are
copied. Intervals are Wilson's at 95 %, wider where the same people are counted several times. Two groups are called different only
where their intervals do not meet. A group is named by what is said to it and the first reason. What a table counts, how many, from
when and what was known stands below it.

## In short

{_bullets([it for part in parts for it in part.findings])}

Where it misses somebody, or is not borne out:

{_bullets([it for part in parts for it in part.gaps])}"""


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {it}" for it in lines)


if __name__ == "__main__":
    main()
