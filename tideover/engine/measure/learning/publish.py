"""Published tables from a lender's own book: what a decision may know about people like this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from tideover.engine.decision.plan import Plan
from tideover.engine.decision.prepared import Prepared
from tideover.engine.decision.published import CHOICES, Published, shipped
from tideover.engine.decision.setup import Setup
from tideover.engine.decision.whole_book import in_polars
from tideover.engine.facts import Book
from tideover.engine.insight.contacts import RECENT_DAYS
from tideover.engine.measure.before import ALWAYS_READ
from tideover.engine.measure.learning.answers import answered_contacts
from tideover.engine.measure.learning.calls import Cutoffs, cutoffs
from tideover.engine.measure.learning.leaves import Leaves
from tideover.engine.measure.learning.weights import PRIOR_CONTACTS, Counts, learned, share_of
from tideover.engine.measure.sampling import WHOLE, Sample, draw
from tideover.engine.measure.words import plural
from tideover.kit.days import iso_moment
from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

DAY = 86_400
MOST_PEOPLE = 20_000
"""Learned from so many people at most, drawn by seed: more would move no weight by a hundredth."""

Progress = Callable[[str], None]


class TeamUnknown(Refused):
    """Calls a day were given for a team that nobody belongs to."""


def publish_tables(
    book: Book,
    at: int,
    setup: Setup,
    *,
    calls_a_day: Mapping[str, int] | None = None,
    most_people: int = MOST_PEOPLE,
    progress: Progress = lambda _: None,
) -> Published:
    """Tables as of a moment: choice weights and shares by leaf from what people answered, call cut-offs by team.

    Everything is drawn from the shipped values towards the book, so that a small book changes little. `call_effect`
    stays as shipped: what a call does is known only from hold-outs. `calls_a_day` says how many calls each team can
    make; without it the cut-offs stay. Deterministic, and integers only.
    """
    before = shipped()
    sample = _drawn(book, at, most_people)
    prepared = setup.prepared(at, book.assumes)
    contacts = answered_contacts(sample.book, Leaves(sample.book, prepared), at, progress=progress)
    contacts = contacts.join(sample.drawn.rename({"borrower_id": "person_id"}), on="person_id", how="semi")
    leaves = {leaf: _row(leaf, row, contacts, prepared.plan.reminders) for leaf, row in before.leaves.items()}
    made_from = (
        f"{book.stamp.source} as known at {iso_moment(at)}: {plural(contacts.height, 'contact')} of {RECENT_DAYS} days, "
        f"to which each cell adds {PRIOR_CONTACTS} as shipped"
    )
    if calls_a_day is None:
        return Published(leaves, before.cutoffs, before.cutoff_otherwise, made_from)
    cut = _cutoffs(book, at, setup, Published(leaves, {}, 0), calls_a_day, before.cutoff_otherwise)
    return Published(leaves, cut.by_team, cut.otherwise, f"{made_from}; {cut.says}")


def _drawn(book: Book, at: int, most_people: int) -> Sample:
    people = in_polars(book.as_of(at).frame("borrowers").select("borrower_id")).height
    share = WHOLE if people <= most_people else max(WHOLE * most_people // people, 1)
    return draw(book, share, at - (RECENT_DAYS + 1) * DAY, at)


def _row(
    leaf: str, row: Mapping[str, int], contacts: pl.DataFrame, reminders: tuple[str, ...]
) -> dict[str, int]:
    made = dict(row)
    here = contacts.filter(pl.col("leaf") == leaf)
    for choice in CHOICES:
        if choice in contacts.columns:
            start = f"prior__{choice}__"
            weights = {
                name.removeprefix(start): weight for name, weight in row.items() if name.startswith(start)
            }
            fresh = learned(weights, _counted(here, choice), _all(contacts.drop_nulls(choice)))
            made |= {f"{start}{cell}": weight for cell, weight in fresh.items()}
    made["reminder_prior"] = share_of(
        _all(here.filter(pl.col("purpose").is_in(reminders))), row["reminder_prior"]
    )
    return made


def _counted(contacts: pl.DataFrame, choice: str) -> dict[str, Counts]:
    rows = contacts.drop_nulls(choice).group_by(choice).agg(pl.len(), pl.col("answered").sum()).iter_rows()
    return {str(cell): (int(made), int(answered)) for cell, made, answered in rows}


def _all(contacts: pl.DataFrame) -> Counts:
    return contacts.height, int(contacts["answered"].sum())


def _cutoffs(
    book: Book, at: int, setup: Setup, open_to_all: Published, calls_a_day: Mapping[str, int], otherwise: int
) -> Cutoffs:
    """Everybody whom a call would help at all stands in line; the decision itself says who they are."""
    known = book.as_of(at)
    teams = in_polars(known.frame("borrowers").select("borrower_id", "team"))
    _check_teams(calls_a_day, teams["team"].drop_nulls().unique().to_list())
    plan = Plan(setup.strategy, setup.plan(at).rules, open_to_all, setup.salt)
    prepared = Prepared(plan, assumes=book.assumes)
    names = {*prepared.recorded, *ALWAYS_READ} & set(known.tables)
    decisions = in_polars(
        prepared.run({name: in_polars(known.frame(name)) for name in sorted(names)}, at).decisions
    )
    by_person = [name for name, it in setup.strategy.lists.purposes.items() if it.by == "person"]
    line = decisions.filter(pl.col("purpose").is_in(by_person) & pl.col("treatment").is_in(["human", "wait"]))
    effects = {leaf: row["call_effect"] for leaf, row in open_to_all.leaves.items()}
    line = line.join(teams, on="borrower_id", how="left").with_columns(
        pl.col("leaf").replace_strict(effects, default=0, return_dtype=pl.Int64).alias("effect")
    )
    return cutoffs(line, calls_a_day, otherwise)


def _check_teams(calls_a_day: Mapping[str, int], known: list[str]) -> None:
    for team in calls_a_day:
        if team and team not in known:
            raise TeamUnknown(
                f"The book has no team {team!r}.{did_you_mean(team, known)} Give calls a day for teams of the book."
            )
