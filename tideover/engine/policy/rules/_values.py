"""The value of a rule from a day on: hours, a count in a period, a rest, a yes, codes, numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tideover.engine.policy.rules._hours import Hours, read_hours, show_hours

DAY = 86_400
HOUR = 3_600


@dataclass(frozen=True)
class Count:
    """At most n contacts in any period of that many seconds."""

    n: int
    period_seconds: int


@dataclass(frozen=True)
class Rest:
    """Seconds of quiet after a conversation."""

    seconds: int


@dataclass(frozen=True)
class Applies:
    """The rule applies; the numbers fill the curly brackets of its `when`, and a duty's `within_days` its date."""

    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Codes:
    """Codes of a closed list, such as the blocks of words a message must carry."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What the rule tells, for people and other parts of the product: names and plain values, in the rule's unit."""

    items: tuple[tuple[str, int | str | bool | tuple[str, ...]], ...]

    def get(self, name: str) -> int | str | bool | tuple[str, ...] | None:
        return dict(self.items).get(name)


Value = Hours | Count | Rest | Applies | Codes | Told


def read_count(written: object) -> Count:
    """From {n: 7, days: 7} or {n: 1, hours: 20}."""
    numbers = _numbers(written)
    if set(numbers) not in ({"n", "days"}, {"n", "hours"}) or min(numbers.values()) < 1:
        raise ValueError("A cap is written {n: 7, days: 7} or {n: 1, hours: 20}, all at least 1.")
    return Count(numbers["n"], _seconds(numbers))


def read_rest(written: object) -> Rest:
    """From {days: 7} or {hours: 12}."""
    numbers = _numbers(written)
    if set(numbers) not in ({"days"}, {"hours"}) or min(numbers.values()) < 1:
        raise ValueError("A rest is written {days: 7} or {hours: 12}, at least 1.")
    return Rest(_seconds(numbers))


def read_applies(written: object) -> Applies:
    """From `true`, or the named numbers that `when` uses."""
    return Applies({}) if written is True else Applies(_numbers(written))


def read_duty(written: object) -> Applies:
    """From {within_days: 14}, with further numbers that `when` uses."""
    numbers = _numbers(written)
    if numbers.get("within_days", -1) < 0:
        raise ValueError("A duty says by when: {within_days: 14}.")
    return Applies(numbers)


def read_codes(written: object) -> Codes:
    """From a list of codes."""
    if not isinstance(written, list) or not written or not all(isinstance(code, str) for code in written):
        raise ValueError("Expected a list of codes, such as [opt_out].")
    return Codes(tuple(written))


def read_told(written: object) -> Told:
    """From one plain value, or a mapping of names to plain values and lists of words."""
    items = written.items() if isinstance(written, dict) else [("value", written)]
    return Told(tuple((str(name), _plain(item)) for name, item in items))


def read_opt_out(written: object) -> Told:
    """From {words: [stop], working_days: 10}."""
    told = read_told(written)
    words, days = told.get("words"), told.get("working_days")
    if len(told.items) != 2 or not isinstance(words, tuple) or not words or type(days) is not int or days < 0:
        raise ValueError("Words that opt out are written {words: [stop, quit], working_days: 10}.")
    return told


def read_hold_effect(written: object) -> Told:
    """From {rests: [collection], stops: [interest], covers: loan, days: 60}; only what rests must be said."""
    told = read_told(written)
    expected = {"rests": tuple, "stops": tuple, "covers": str, "days": int}
    if not told.get("rests") or any(type(item) is not expected.get(name) for name, item in told.items):
        raise ValueError(
            "What a hold does is written {rests: [collection], stops: [interest], covers: loan, days: 60}."
        )
    return told


def show(value: Value) -> str:
    """The value in words for a page."""
    match value:
        case Hours():
            return show_hours(value)
        case Count(n, seconds):
            return f"{n} in {_period(seconds)}"
        case Rest(seconds):
            return _period(seconds)
        case Applies(numbers):
            return (
                ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in numbers.items())
                or "applies"
            )
        case Codes(codes):
            return ", ".join(codes)
        case Told(items):
            return ", ".join(
                _words(item) if name == "value" else f"{name.replace('_', ' ')}: {_words(item)}"
                for name, item in items
            )


READERS: Mapping[str, Callable[[object], Value]] = {
    "window": read_hours,
    "cap": read_count,
    "cool_down": read_rest,
    "ban": read_applies,
    "action_ban": read_applies,
    "consent": read_applies,
    "contract_address": read_applies,
    "template": read_applies,
    "links_on_request": read_applies,
    "mandatory_words": read_codes,
    "duty": read_duty,
    "notice_before": read_told,
    "opt_out_words": read_opt_out,
    "hold_effect": read_hold_effect,
    "information": read_told,
}


def _numbers(written: object) -> dict[str, int]:
    if not isinstance(written, dict) or not all(type(number) is int for number in written.values()):
        raise ValueError("Expected named whole numbers, such as {days: 7}.")
    return {str(name): number for name, number in written.items()}


def _seconds(numbers: Mapping[str, int]) -> int:
    return numbers["days"] * DAY if "days" in numbers else numbers["hours"] * HOUR


def _period(seconds: int) -> str:
    count, unit = (seconds // DAY, "day") if seconds % DAY == 0 else (seconds // HOUR, "hour")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _plain(item: object) -> int | str | bool | tuple[str, ...]:
    if isinstance(item, bool | int | str):
        return item
    if isinstance(item, list) and all(isinstance(word, str) for word in item):
        return tuple(item)
    raise ValueError(f"Expected a whole number, a text, true, false or a list of texts, not {item!r}.")


def _words(item: object) -> str:
    if isinstance(item, bool):
        return "yes" if item else "no"
    return " ".join(str(one) for one in item) if isinstance(item, tuple) else str(item)
