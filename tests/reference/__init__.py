"""The reference: what Tideover decides, written down once more as slowly and obviously as possible.

It imports nothing of the engine and works on plain rows, one person at a time. It is the oracle: on any book the
engine must answer as it does. It takes the merged rule tables and the published tables as data, since how they are
made is proven elsewhere.
"""

from dataclasses import dataclass
from pathlib import Path

from tests.reference.answer import COLUMNS, Decider
from tests.reference.content import Lists, duty_policies, read_strategy
from tests.reference.language import condition, names_in
from tests.reference.subject import speaks_of_loans
from tests.reference.world import World

CONTENT = Path(__file__).parents[2] / "tideover" / "content"


@dataclass(frozen=True)
class Answer:
    """Rows as the engine gives them: decisions by person, topics and offers sorted."""

    decisions: list
    topics: list
    offers: list


def world(book, at, *, strategy, rules, tables, lists=None):
    """The facts at a moment, ready to be asked."""
    bans = [
        (ban, condition(ban.when, strategy.values), speaks_of_loans(names_in(ban.when)))
        for ban in rules.bans_when
    ]
    return World(book, at, lists or Lists.read(CONTENT), rules, bans, tables)


def decide(book, at, *, strategy, rules, tables, salt, assumes=(), strategy_hash="", lists=None):
    """Every person of a book (rows by table) at a moment (epoch seconds)."""
    facts = world(book, at, strategy=strategy, rules=rules, tables=tables, lists=lists)
    policies = (*duty_policies(rules.duties, strategy.values), *strategy.policies)
    decider = Decider(facts, strategy, policies, salt, assumes, strategy_hash)
    made = [decider.decide(facts.person(id_)) for id_ in sorted(facts.borrowers)]
    return Answer(
        [row for row, _, _ in made],
        sorted(
            (it for _, topics, _ in made for it in topics), key=lambda it: (it["decision_id"], it["subject"])
        ),
        sorted(
            (it for _, _, offers in made for it in offers), key=lambda it: (it["decision_id"], it["place"])
        ),
    )


__all__ = ["COLUMNS", "CONTENT", "Answer", "Lists", "decide", "read_strategy", "world"]
