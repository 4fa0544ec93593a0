"""One book, decided by the engine and by the reference, and the places where they differ."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl

from tests import reference
from tideover.engine.decision.decide import Facts, decide
from tideover.engine.decision.plan import Plan
from tideover.engine.decision.published import shipped
from tideover.engine.facts import TABLES, Kind, open_book, write_book
from tideover.engine.facts.backends import backend_of
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.rules import read_rules
from tideover.engine.policy.strategy import find_strategy, read_strategy

SALT = "one answer"
DAY = 86_400
TYPES = {Kind.FLAG: pl.Boolean, Kind.KEY: pl.String, Kind.TEXT: pl.String, Kind.CODE: pl.String}
KEYS = {
    "decisions": ("borrower_id",),
    "topics": ("decision_id", "subject"),
    "offers": ("decision_id", "place"),
}


@cache
def everyday():
    return read_strategy(find_strategy("everyday"), read_lists())


@cache
def everyday_as_written():
    return reference.read_strategy(reference.CONTENT / "strategies" / "everyday")


@cache
def _rules():
    return read_rules(SHIPPED)


def rules_at(at, acts_as="creditor"):
    return _rules().on(at // DAY, acts_as)


@dataclass(frozen=True)
class Case:
    """A book of rows at a moment, and by what it is decided."""

    book: dict
    at: int
    strategy: object = field(default_factory=everyday)
    as_written: object = field(default_factory=everyday_as_written)
    rules: object = None
    tables: object = field(default_factory=shipped)
    salt: str = SALT
    also: frozenset = frozenset()

    @property
    def rule_tables(self):
        return self.rules or rules_at(self.at)

    @property
    def plan(self):
        return Plan(self.strategy, self.rule_tables, self.tables, self.salt, self.also)


def frame(table, rows):
    """Rows of a table as a frame, in engine units."""
    columns = TABLES[table].every
    schema = {column.name: TYPES.get(column.kind, pl.Int64) for column in columns}
    return pl.DataFrame({name: [row[name] for row in rows] for name in schema}, schema=schema)


def written(book, folder: Path) -> Path:
    """The rows as a book on disk, of which nothing was refused."""
    quality = write_book(
        {name: frame(name, rows) for name, rows in book.items()}, folder, source="test", assumes={}
    )
    refused = {name: it.set_aside for name, it in quality.tables.items() if it.set_aside}
    assert refused == {}, refused
    return folder


def by_engine(case, folder: Path, engine="polars", session=None):
    """What the engine decides on a book on disk, shard by shard if it is cut: lists of rows, sorted by key."""
    made = [_decided(case, shard) for shard in _opened(case, folder, engine, session).shards()]
    return {name: _sorted([row for one in made for row in one[name]], key) for name, key in KEYS.items()}


def _decided(case, book):
    decided = decide(_facts(case, book), case.plan)
    return {name: rows_of(getattr(decided, name)) for name in KEYS}


def known_to(case, folder: Path):
    """The people and loans of a book with the insights that the case asks for."""
    decided = decide(_facts(case, _opened(case, folder)), case.plan)
    return rows_of(decided.people), rows_of(decided.loans)


def _opened(case, folder, engine="polars", session=None):
    return open_book(folder, engine=engine, session=session).as_of(case.at)


def _facts(case, book):
    return Facts(book.frame, backend_of(book.engine), case.at, book.assumes, book.neighbours)


def rows_of(lazy):
    """The rows of a lazy frame of any engine."""
    return pl.DataFrame(lazy.collect().to_arrow()).to_dicts()


def _sorted(rows, key):
    return sorted(rows, key=lambda row: tuple(row[part] for part in key))


def by_reference(case):
    """What the reference decides on the rows."""
    answer = reference.decide(
        case.book, case.at, strategy=case.as_written, rules=case.rule_tables, tables=case.tables, salt=case.salt,
        strategy_hash=case.strategy.hash,
    )  # fmt: skip
    return {"decisions": answer.decisions, "topics": answer.topics, "offers": answer.offers}


def differences(one, other, columns=reference.COLUMNS):
    """Where two answers differ: table, key, and the two values of each column that is not the same."""
    found = []
    for table, key in KEYS.items():
        left, right = (
            {tuple(row[part] for part in key): row for row in side[table]} for side in (one, other)
        )
        for id_ in sorted(set(left) | set(right)):
            found += _unlike(table, id_, left.get(id_), right.get(id_), columns)
    return found


def _unlike(table, id_, left, right, columns):
    if left is None or right is None:
        return [(table, id_, {"row": (left is not None, right is not None)})]
    names = columns if table == "decisions" else left
    unlike = {name: (left[name], right[name]) for name in names if left[name] != right[name]}
    return [(table, id_, unlike)] if unlike else []


def in_memory(folder: Path, at):
    """The tables of a book as known at a moment, in memory."""
    book = open_book(folder).as_of(at)
    return {name: book.frame(name).to_native().collect() for name in book.tables}


def by_plan(prepared, tables, at):
    """What a prepared plan decides on tables in memory."""
    decided = prepared.run(tables, at)
    return {name: _sorted(rows_of(getattr(decided, name)), key) for name, key in KEYS.items()}


def about(name, tables):
    """Everything about one person: her rows, the loans she stands in with all their rows, and whom those involve."""
    stands_in = (
        tables["parties"].filter(pl.col("person_id") == name)["loan_id"] if "parties" in tables else []
    )
    loans = tables["loans"].filter((pl.col("borrower_id") == name) | pl.col("loan_id").is_in(list(stands_in)))
    ids = set(loans["loan_id"])
    topics = (
        tables["contact_topics"]
        if "contact_topics" in tables
        else pl.DataFrame({"loan_id": [], "contact_id": []})
    )
    said = set(topics.filter(pl.col("loan_id").is_in(list(ids)))["contact_id"])
    people = {name, *loans["borrower_id"]}
    if "contacts" in tables:
        about = pl.col("subject").is_in(list(ids)) | pl.col("contact_id").is_in(list(said))
        people |= set(tables["contacts"].filter(about)["person_id"])
    return {table: _rows_about(frame, people, ids, said) for table, frame in tables.items()}


def only(answer, names):
    """The part of an answer that is about these people."""
    decisions = [row for row in answer["decisions"] if row["borrower_id"] in names]
    ids = {row["decision_id"] for row in decisions}
    return {"decisions": decisions} | {
        part: [row for row in answer[part] if row["decision_id"] in ids] for part in ("topics", "offers")
    }


def _rows_about(frame, people, loans, said):
    kept = [
        pl.col(column).is_in(list(people))
        for column in ("borrower_id", "person_id")
        if column in frame.columns
    ]
    if "loan_id" in frame.columns:
        kept.append(pl.col("loan_id").is_in(list(loans)))
    if "contact_id" in frame.columns and "person_id" not in frame.columns:
        kept = []  # responses and topics of any contact of these people; others join nothing
    return frame.filter(pl.any_horizontal(kept).fill_null(False)) if kept else frame
