"""Specifications: small tables of facts, a strategy, and what is decided, as anyone in compliance could write them.

    says: ...            what is shown, in one sentence
    at: 2026-11-25 10:00 the moment, UTC
    strategy: everyday   or a whole one: order, policies, values
    facts:               tables with a header line; columns between |; an empty place is unknown
    expect:              a table of decisions; each column must be as written

Specs that share moment and strategy are decided as one book, since strangers change nobody's answer.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from tests import reference
from tests.generative.deciding import Case
from tests.people import row
from tideover.engine.facts import TABLES, Kind
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.strategy import find_strategy, read_strategy
from tideover.kit.ids import seed_of

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Spec:
    """One specification: the tables as they were written, and what they mean."""

    name: str
    says: str
    at: int
    strategy: str | dict
    facts: dict
    expect: tuple

    @property
    def group(self):
        """What it can be decided together with."""
        return self.at, self.strategy if isinstance(self.strategy, str) else self.name, "feeds" in self.facts


def read_specs() -> list[Spec]:
    """Every specification, by name."""
    return [_read(path) for path in sorted(CASES.glob("*.yaml"))]


def _read(path: Path) -> Spec:
    data = yaml.safe_load(path.read_text("utf-8"))
    at = data["at"] if isinstance(data["at"], datetime) else datetime.fromisoformat(data["at"])
    facts = {table: grid(text) for table, text in data["facts"].items()}
    strategy = data.get("strategy", "everyday")
    return Spec(
        path.stem,
        data["says"],
        int(at.replace(tzinfo=UTC).timestamp()),
        strategy,
        facts,
        tuple(grid(data["expect"])),
    )


def grid(text: str) -> list[dict]:
    """A table as text: a header, then rows; columns between bars."""
    lines = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def case_of(specs: list[Spec], folder: Path) -> Case:
    """The specs of one group as a case, with the strategy they name or bring along."""
    first = specs[0]
    where = (
        find_strategy(first.strategy)
        if isinstance(first.strategy, str)
        else written_strategy(first.strategy, folder)
    )
    return Case(
        book_of(specs),
        first.at,
        strategy=read_strategy(where, read_lists()),
        as_written=reference.read_strategy(where),
    )


def book_of(specs: list[Spec]) -> dict:
    """The rows of all their facts, with the payments feed fresh unless a spec says otherwise."""
    book: dict = {}
    for spec in specs:
        for table, rows in spec.facts.items():
            book.setdefault(table, []).extend(_row(table, written, spec.at) for written in rows)
    book.setdefault("loans", [])
    book.setdefault("instalments", [])
    book.setdefault("feeds", [row("feeds", name="payments", fresh_until=specs[0].at)])
    return book


def _row(table: str, written: dict, at: int) -> dict:
    known = {name: _value(table, name, text) for name, text in written.items() if text != ""}
    if table == "borrowers":
        known["seed"] = seed_of(known["borrower_id"])
    return row(table, **{"recorded_at": at - 1_000 * 86_400, **known})


def _value(table: str, name: str, text: str) -> object:
    match TABLES[table].column(name).kind:
        case Kind.DAY:
            return (date.fromisoformat(text) - date(1970, 1, 1)).days
        case Kind.MOMENT:
            return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
        case Kind.FLAG:
            return text == "yes"
        case Kind.KEY | Kind.TEXT | Kind.CODE:
            return text
        case _:
            return int(text)


def written_strategy(strategy: dict, folder: Path) -> Path:
    """A strategy brought along, as the folder a lender would have."""
    (folder / "policies").mkdir(parents=True)
    head = {
        "says": strategy["says"],
        "values": strategy.get("values", {}),
        "hold_out": strategy.get("hold_out", 0),
    }
    (folder / "strategy.yaml").write_text(yaml.safe_dump(head), "utf-8")
    (folder / "order.yaml").write_text(yaml.safe_dump({"order": strategy["order"]}), "utf-8")
    for name, policy in strategy["policies"].items():
        (folder / "policies" / f"{name}.yaml").write_text(yaml.safe_dump(policy, sort_keys=False), "utf-8")
    return folder


def render(spec: Spec) -> str:
    """The specification as a page of documentation."""
    moment = datetime.fromtimestamp(spec.at, UTC).strftime("%A %-d %B %Y, %H:%M UTC")
    parts = [f"## {spec.name.replace('_', ' ').capitalize()}", spec.says, f"On {moment}."]
    if isinstance(spec.strategy, dict):
        parts.append(
            f"```yaml\n{yaml.safe_dump(spec.strategy, sort_keys=False, allow_unicode=True).strip()}\n```"
        )
    else:
        parts.append(f"Strategy: `{spec.strategy}`.")
    parts += [f"**{table}**\n\n{_markdown(rows)}" for table, rows in spec.facts.items()]
    parts.append(f"**Decided**\n\n{_markdown(spec.expect)}")
    return "\n\n".join(parts) + "\n"


def _markdown(rows) -> str:
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([it[name] for name in names] for it in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
