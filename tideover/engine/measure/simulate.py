"""Try a strategy on a lender's own book, day by day, before it is published. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tideover.engine.decision.plan import Plan
from tideover.engine.decision.prepared import Prepared
from tideover.engine.decision.stamped import Stamped
from tideover.engine.decision.whole_book import in_polars
from tideover.engine.facts import Book
from tideover.engine.measure.before import ALWAYS_READ, Yesterdays
from tideover.engine.measure.changes import Changes, contacts_apart
from tideover.engine.measure.own_contacts import OwnContacts
from tideover.engine.measure.report import Report, Side, Story
from tideover.engine.measure.sampling import WHOLE, Sample, draw
from tideover.engine.measure.stories import Teller, choose
from tideover.engine.measure.tally import COMPACT, MOMENTS, Tally
from tideover.engine.measure.words import Words
from tideover.kit.days import iso_day, iso_moment
from tideover.kit.errors import Refused

DAY = 86_400
Progress = Callable[[str], None]
PlanMaker = Callable[[int], Plan]
"""The plan of a strategy under the rules of a moment; it may hand out the same plan for many days."""


class TrialRefused(Refused):
    """A trial that cannot be made as it was asked for."""


def simulate(
    book: Book,
    strategies: Mapping[str, PlanMaker],
    start: int,
    until: int,
    *,
    out: Path,
    words: Words,
    sample: float = 1.0,
    progress: Progress = lambda _: None,
) -> Report:
    """Decide every day from `start` to `until` (epoch seconds, a day apart) under one or two strategies, and compare.

    Each day is decided from what was known on it; contacts that a strategy made earlier in the trial stand in place of
    those the book holds after the start. Of two strategies the first is what the second is compared with. `sample` is
    the share of people, drawn by seed. Writes `out`/<strategy>/: decisions/<day>.parquet, contacts.parquet and
    contact_topics.parquet, the rows that this strategy would have added to the book. Raises TrialRefused.
    """
    share = _checked(strategies, start, until, sample, out)
    progress(f"reading {book.stamp.source}")
    drawn = draw(book, share, start, until)
    trial = _Trial(drawn, strategies, start, out)
    for at in range(start, until + 1, DAY):
        progress(f"deciding {iso_moment(at)}")
        trial.day(at)
    progress("writing the report")
    return trial.report(words)


def _checked(strategies: Mapping[str, PlanMaker], start: int, until: int, sample: float, out: Path) -> int:
    share = round(sample * WHOLE)
    if not 1 <= len(strategies) <= 2:
        raise TrialRefused(f"A trial has one strategy, or two to compare; {len(strategies)} were given.")
    if until < start:
        raise TrialRefused(
            f"The trial would end ({iso_moment(until)}) before it begins ({iso_moment(start)})."
        )
    if not 1 <= share <= WHOLE:
        raise TrialRefused(f"A sample is a share from 0.0001 to 1 of the people, not {sample}.")
    if unsafe := [name for name in strategies if name in ("", ".", "..") or set(name) & set("/\\\0")]:
        raise TrialRefused(f"{unsafe[0]!r} cannot name a folder; give the strategy a plain name.")
    if taken := [name for name in strategies if any((out / name).glob("decisions/*"))]:
        raise TrialRefused(
            f"{out / taken[0]} holds an earlier trial; give another folder, or empty this one."
        )
    return share


@dataclass
class _Trial:
    sample: Sample
    strategies: Mapping[str, PlanMaker]
    start: int
    out: Path
    moments: list[int] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    prepared: dict[str, Prepared] = field(default_factory=dict)
    people: int = 0

    def __post_init__(self) -> None:
        self.days = Yesterdays(self.sample.book, self.start)
        self.own = {name: OwnContacts() for name in self.strategies}
        self.tallies = {name: Tally() for name in self.strategies}

    def day(self, at: int) -> None:
        """Decide one day under each strategy."""
        self.moments.append(at)
        made = {name: self._prepared(name, maker(at)) for name, maker in self.strategies.items()}
        needed = {table for it in made.values() for table in it.recorded}
        tables = Stamped(self.days.on(at, sorted(needed | ALWAYS_READ)), at)
        with ThreadPoolExecutor(len(made)) as pool:
            decided = dict(
                zip(
                    made,
                    pool.map(lambda name: self._decided(name, made[name], tables, at), made),
                    strict=True,
                )
            )
        self.people = max(it.height for it in decided.values())
        if len(decided) == 2:
            self.changes.add(*decided.values())

    def _prepared(self, name: str, plan: Plan) -> Prepared:
        """A plan is built once and runs on every day that has the same rules."""
        if (kept := self.prepared.get(name)) is None or kept.plan is not plan:
            self.prepared[name] = Prepared(plan, assumes=self.sample.book.assumes)
        return self.prepared[name]

    def _decided(self, name: str, prepared: Prepared, tables: Stamped, at: int) -> pl.DataFrame:
        own = self.own[name]
        decided = prepared.run(tables.plus(own.rows(at)), at)
        decisions = in_polars(decided.decisions)
        own.add(decided, decisions, at)
        counted = decisions
        if not self.sample.is_everybody:
            counted = decisions.join(self.sample.drawn, on="borrower_id", how="semi")
        self.tallies[name].add(counted)
        kept = counted.select(COMPACT)
        on_disk = kept.with_columns(pl.from_epoch(pl.col(MOMENTS), "s").dt.replace_time_zone("UTC"))
        on_disk.write_parquet(
            _made(self._folder(name)) / f"{iso_day(divmod(at, DAY)[0])}.parquet", compression="zstd"
        )
        return kept

    def _folder(self, name: str) -> Path:
        return self.out / name / "decisions"

    def report(self, words: Words) -> Report:
        """Everything counted, and the contacts written."""
        for name, own in self.own.items():
            own.write(self.out / name)
        book, stamp = self.sample.book, self.sample.book.stamp
        by_person = [tally.by_person for tally in self.tallies.values()]
        two = len(by_person) == 2
        return Report(
            source=stamp.source,
            moments=tuple(self.moments),
            people=self.people,
            of=self.sample.of,
            share=self.sample.share,
            sides=tuple(self._side(name, tally) for name, tally in self.tallies.items()),
            stories=self._stories(words, by_person),
            changes=self.changes.counted(),
            changed_people=self.changes.days_by_person().height,
            same=self.changes.same,
            difference=contacts_apart(by_person, self.people, self.sample.of) if two else None,
            assumes=book.assumes,
            missing=book.missing,
            known_until=max(stamp.latest_recorded_at.values(), default=None),
            currency=stamp.currency,
        )

    def _side(self, name: str, tally: Tally) -> Side:
        return Side(
            name,
            strategy_hash=tally.hashes.get("strategy_hash", ""),
            rules_hash=tally.hashes.get("rules_hash", ""),
            tables_hash=tally.hashes.get("tables_hash", ""),
            cells=tally.counted,
            people=self.people,
            frequency=tally.frequency(self.people),
        )

    def _stories(self, words: Words, by_person: Sequence[pl.DataFrame]) -> tuple[Story, ...]:
        borrowers = in_polars(self.sample.book.as_of(self.moments[-1]).frame("borrowers"))
        known = borrowers.join(self.sample.drawn, on="borrower_id", how="semi").select(
            "borrower_id", "seed", "timezone"
        )
        counts = pl.concat(by_person).group_by("borrower_id").agg(pl.all().max())
        people = known.join(counts, on="borrower_id", how="left")
        people = people.join(self.changes.days_by_person(), on="borrower_id", how="left").with_columns(
            pl.col("contacts", "calls", "blocked", "changed").fill_null(0)
        )
        chosen = choose(people)
        teller = Teller(words, dict(known.select("borrower_id", "timezone").drop_nulls().iter_rows()))
        rows = {name: self._rows_of([one for one, _ in chosen], name) for name in self.strategies}
        return tuple(
            teller.story(one, why, {name: it.get(one, []) for name, it in rows.items()})
            for one, why in chosen
        )

    def _rows_of(self, people: list[str], name: str) -> dict[str, list[dict[str, object]]]:
        found_rows = pl.scan_parquet(self._folder(name) / "*.parquet").filter(
            pl.col("borrower_id").is_in(people)
        )
        rows = found_rows.with_columns(pl.col(MOMENTS).dt.epoch("s")).collect()
        found: dict[str, list[dict[str, object]]] = {one: [] for one in people}
        for row in rows.iter_rows(named=True):
            found[row["borrower_id"]].append(row)
        return found


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
