"""The names a policy may use, by what it is about: a loan, an application or a person."""

from __future__ import annotations

from collections.abc import Collection

from tideover.engine.insight import REGISTRY, Insight, Level, Unit, generated
from tideover.engine.policy.expression import ExpressionError, Function, Name, Scope, Type, nearest_phrase
from tideover.engine.policy.lists import Lists

RECORDED: dict[Level, dict[str, str]] = {
    Level.LOAN: {
        "kind": "Kind of loan: instalment, revolving, microfinance, once.",
        "product": "Product of the loan.",
        "currency": "Currency of the loan.",
        "frequency": "Rhythm of the instalments.",
        "role": "The person's role in the loan: borrower, co_borrower, guarantor.",
    },
    Level.APPLICATION: {"product": "Product asked for."},
    Level.PERSON: {
        "country": "Country of the person.",
        "language": "Language of the person.",
        "branch": "Branch that looks after the person.",
        "team": "Team that looks after the person.",
    },
}
FROM_TABLES = {
    "reminder_prior": "How often a plain reminder works in the person's segment, per 10,000.",
    "call_effect": "How much a call by a person is expected to help in the person's segment, per 10,000.",
    "call_cutoff": "The least expected help for which the person's team has calls to give today, per 10,000.",
}
_TYPES = {Unit.YES_NO: Type.YES_NO, Unit.MONEY: Type.MONEY, Unit.CODE: Type.TEXT}
NOT_FOR_POLICIES = ("_pack",)


class Names:
    """Scopes for each kind of subject, and the generated insights that were asked for by name."""

    def __init__(self, lists: Lists, constants: dict[str, int | str | bool]) -> None:
        self.lists = lists
        self.constants = constants
        self.registry: dict[tuple[Level, str], Insight] = dict(REGISTRY)

    def scope(self, subject: Level) -> Scope:
        """What a policy about this kind of subject may speak of."""
        return Scope(self._names(subject), self.constants, self._functions(subject))

    def _names(self, subject: Level) -> dict[str, Name]:
        levels = [Level.PERSON, subject]
        names = {column: Name(column, Type.TEXT) for level in levels for column in RECORDED[level]}
        for (level, name), it in REGISTRY.items():
            if level in levels and not name.endswith(NOT_FOR_POLICIES):
                names[name] = Name(name, _TYPES.get(it.unit, Type.NUMBER))
        return names

    def _functions(self, subject: Level) -> dict[str, Function]:
        def contacts(code: str, days: int) -> Name:
            members = self.lists.purposes_of(_known(code, self.lists.classes, "purpose class"))
            return self._add(generated.contacts_of_class(code, members, _days(days)))

        def lesson_done(code: str) -> Name:
            count = self._add(generated.lesson_done(_code(code)))
            return self._add(
                generated.is_positive(
                    f"lesson_done__{code}", count.column, f"The lesson '{code}' was finished."
                )
            )

        def prefers(code: str) -> Name:
            count = self._add(generated.prefers(_code(code)))
            return self._add(
                generated.is_positive(f"prefers__{code}", count.column, f"The person said yes to '{code}'.")
            )

        return self._of_telling(subject) | {f.__name__: f for f in (contacts, lesson_done, prefers)}

    def _of_telling(self, subject: Level) -> dict[str, Function]:
        """What may be asked about the telling of a purpose."""

        def purpose(code: str) -> str:
            return _known(code, self.lists.purposes, "purpose")

        def days_since_told(code: str) -> Name:
            self._add(generated.last_told(purpose(code), subject))
            return self._add(generated.days_since_told(code, subject))

        def days_since_surely_told(code: str) -> Name:
            self._add(generated.last_surely_told(purpose(code), subject))
            return self._add(generated.days_since_surely_told(code, subject))

        def told_since_missed(code: str) -> Name:
            _only_of_a_loan("told_since_missed", subject)
            self._add(generated.last_told(purpose(code), subject))
            return self._add(generated.told_since_missed(code))

        def times_told_since_missed(code: str) -> Name:
            told = told_since_missed(code)
            return self._add(generated.as_count(f"times_{told.column}", told.column))

        def told_since_promised(code: str) -> Name:
            _only_of_a_loan("told_since_promised", subject)
            self._add(generated.last_told_at(purpose(code)))
            return self._add(generated.told_since_promised(code))

        def times_told(code: str, days: int) -> Name:
            return self._add(generated.times_told(purpose(code), _days(days), subject))

        return {
            f.__name__: f
            for f in (
                days_since_told,
                days_since_surely_told,
                told_since_missed,
                times_told_since_missed,
                told_since_promised,
                times_told,
            )
        }

    def _add(self, insight: Insight) -> Name:
        self.registry[insight.level, insight.name] = insight
        return Name(insight.name, _TYPES.get(insight.unit, Type.NUMBER))


def _only_of_a_loan(question: str, subject: Level) -> None:
    if subject is not Level.LOAN:
        raise ExpressionError(f"{question} speaks of a loan; this policy is not about loans")


def _known(code: object, known: Collection[str], what: str) -> str:
    if not isinstance(code, str):
        raise ExpressionError(f"{code!r} is not a {what}: write its code in quotes")
    if code not in known:
        raise ExpressionError(f"'{code}' is not a known {what}{nearest_phrase(code, list(known))}")
    return code


def _code(code: object) -> str:
    if not (isinstance(code, str) and code.isidentifier()):
        raise ExpressionError(f"{code!r} is not a code: small letters, digits and underscores")
    return code


def _days(days: object) -> int:
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 366:
        raise ExpressionError(f"{days!r} is not a number of days from 1 to 366")
    return days
