"""Stories about insights: what is recorded about one person, and what follows from it.

All stories of a module are one book, decided once: every story has a person of its own, and strangers change nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.generative.deciding import Case, known_to, written
from tests.people import AT, DAY, HOUR, TODAY, Rows, fresh_payments, loan, row, schedule, someone, together
from tideover.engine.insight import REGISTRY, Level

Part = Callable[[str], Rows]


@dataclass(frozen=True)
class Story:
    """What is recorded, and the value of one insight that follows."""

    says: str
    insight: str
    value: object
    parts: tuple[Part, ...]

    @property
    def level(self) -> Level:
        return Level.LOAN if (Level.LOAN, self.insight) in REGISTRY else Level.PERSON

    def rows(self, name: str) -> Rows:
        """The rows of a person by that name."""
        made = together(*(part(name) for part in self.parts))
        return made if "borrowers" in made else together(someone(name), made)


def story(says: str, insight: str, value: object, *parts: Part) -> Story:
    """One story, in the order in which it is told."""
    return Story(says, insight, value, parts)


def values_of(stories: list[Story], folder) -> dict[str, object]:
    """What the engine finds for each story."""
    names = {f"s{number}": it for number, it in enumerate(stories)}
    book = together(
        {"loans": [], "instalments": []}, fresh_payments(), *(it.rows(name) for name, it in names.items())
    )
    case = Case(book, AT, also=frozenset(it.insight for it in stories))
    people, loans = known_to(case, written(book, folder / "book"))
    about = {row["person_id"]: row for row in people} | {row["loan_id"]: row for row in loans}
    return {
        it.says: about[f"{name}-loan-1" if it.level is Level.LOAN else name][it.insight]
        for name, it in names.items()
    }


# --- what may be recorded


def lent(**about) -> Part:
    """A loan; `number` tells several apart."""
    return lambda name: loan(name, **about)


def due(*days_ago, lags=(), number=1, amount=10_000) -> Part:
    """Instalments so many days ago; for each the days it took to pay, None while it is open."""
    return lambda name: schedule(
        name, [TODAY - days for days in days_ago], lags=lags, number=number, amount=amount
    )


def of_loan(table, **known) -> Part:
    """A row about the first loan."""
    return lambda name: {table: [row(table, loan_id=f"{name}-loan-1", **known)]}


def stood(days_ago, **known) -> Part:
    """How a card stood on a day."""
    return of_loan("standings", on=TODAY - days_ago, **known)


def paid(days_ago, *, amount=500, hours_ago=0, number=1, **known) -> Part:
    """A payment."""
    at = AT - days_ago * DAY - hours_ago * HOUR
    id_ = f"{days_ago}-{hours_ago}-{number}"
    return lambda name: of_loan("payments", payment_id=f"{name}-{id_}", paid_at=at, amount=amount, **known)(
        name
    )


def promised(days_ahead, *, made_days_ago=5, ended_days_ago=None, **known) -> Part:
    """A chosen day."""
    ended = None if ended_days_ago is None else AT - ended_days_ago * DAY
    made = {"made_at": AT - made_days_ago * DAY, "ended_at": ended, **known}
    id_ = f"{days_ahead}-{made_days_ago}"
    return lambda name: of_loan("promises", promise_id=f"{name}-{id_}", on=TODAY + days_ahead, **made)(name)


def planned(from_days_ago, *, until_in_days=None, ended_days_ago=None, **known) -> Part:
    """An agreed plan."""
    until = None if until_in_days is None else TODAY + until_in_days
    ended = None if ended_days_ago is None else AT - ended_days_ago * DAY
    known = {"from_on": TODAY - from_days_ago, "until_on": until, "ended_at": ended, **known}
    return lambda name: of_loan("plans", plan_id=f"{name}-{from_days_ago}", **known)(name)


def of_person(table, id_="", **known) -> Part:
    """A row about the person; `id_` tells several apart."""
    keys = {"contacts": "contact_id", "conversations": "conversation_id", "holds": "hold_id"}
    keys |= {"complaints": "complaint_id", "visits": "visit_id"}

    def made(name):
        key = {keys[table]: f"{name}-{id_}"} if table in keys else {}
        whose = "borrower_id" if table == "locations" else "person_id"
        return {table: [row(table, **{whose: name}, **key, **known)]}

    return made


def contacted(
    id_, *, days_ago=0, seconds=0, purpose="due_soon", channel="email", state="accepted", **known
) -> Part:
    """A contact; `seconds` shifts it."""
    send_at = AT - days_ago * DAY + seconds
    return of_person("contacts", id_, send_at=send_at, purpose=purpose, channel=channel, state=state, **known)


def answered(id_, *, kind="clicked", hours_ago=1, human=True) -> Part:
    """An answer to that contact."""
    at = AT - hours_ago * HOUR
    return lambda name: {
        "responses": [row("responses", contact_id=f"{name}-{id_}", kind=kind, at=at, human=human)]
    }


def wishes(**said) -> Part:
    """Preferences by name."""
    return lambda name: {
        "preferences": [
            row("preferences", person_id=name, name=one, value=value) for one, value in said.items()
        ]
    }


def living(**about) -> Part:
    """The person herself, where it matters."""
    return lambda name: someone(name, **about)
