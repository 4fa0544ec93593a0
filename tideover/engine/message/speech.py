"""Speaking one language: sentences with their values, days and amounts as its readers write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from babel.numbers import list_currencies

from tideover.engine.message.patterns import Argument, arguments, spoken
from tideover.engine.message.shown_values import Shown
from tideover.engine.message.told import TELLABLE, Form, Told
from tideover.engine.message.words import LanguageWords, StaffWords, Words
from tideover.kit.calendars import local_day, local_minute
from tideover.kit.text import Direction, direction_of_language

MOMENTS = ("at", "send_at", "next_review_at", "sent_at", "use_by")
WHEN = "when_"
FAR_DAYS = 180
"""A day further away than this is told with its year."""

FIRST_DAY, LAST_DAY = -25_567, 84_006
"""The days from 1900 to 2199: a number outside them is no day that a person would be told."""

PARTS_OF_DAY = (
    (4, "night"),
    (6, "dawn"),
    (12, "morning"),
    (15, "noon"),
    (18, "afternoon"),
    (20, "evening"),
    (24, "night"),
)


class Speech:
    """One decision told in one language."""

    def __init__(self, told: Told, words: Words, language: str) -> None:
        self.told, self.words, self.tag = told, words, language

    @property
    def language(self) -> LanguageWords:
        """The words of the language."""
        return self.words.languages[self.tag]

    @property
    def staff(self) -> StaffWords:
        """The words for staff in that language."""
        return self.words.staff[self.tag]

    @property
    def direction(self) -> Direction:
        """Which way the language is written."""
        return direction_of_language(self.tag)

    def say(self, sentences: Sequence[str] | str, **given: Argument | None) -> str:
        """The first sentence whose values are all known; "" where there is none."""
        for pattern in (sentences,) if isinstance(sentences, str) else sentences:
            if (known := self._known(arguments(pattern), given)) is not None:
                return spoken(pattern, self.tag, known)
        return ""

    def _known(
        self, names: Iterable[str], given: Mapping[str, Argument | None]
    ) -> dict[str, Argument] | None:
        """All of these values; None where one is unknown."""
        known: dict[str, Argument] = {}
        for name in names:
            value = given[name] if name in given else self.value(name)
            if value is None:
                return None
            known[name] = value
        return known

    def value(self, name: str) -> Argument | None:
        """An argument as it stands in a sentence; None where it is unknown or may not be told."""
        plain = name.removeprefix(WHEN)
        if plain in MOMENTS:
            day = self.local_day(plain)
            return None if day is None else self.day(day, when=name != plain)
        if name == "time":
            return self.time("send_at")
        form = TELLABLE.get(plain)
        return None if form is None else self.formed(plain, form, when=name != plain)

    def formed(self, name: str, form: Form, *, when: bool = False) -> Argument | None:
        """A known value in its form; numbers stay numbers, for the sentence chooses its plural by them."""
        value = self.told.number(name)
        if value is None:
            return None
        if form is Form.DAY:
            return self.day(value, when=when)
        if form is Form.MONEY:
            return self.amount(value)
        return value if value > 0 or (value == 0 and form is Form.DAYS) else None

    def local_day(self, moment: str) -> int | None:
        """The person's day of a moment of the row."""
        at = self.told.sent_at if moment == "sent_at" else self.told.number(moment)
        return None if at is None else int(local_day(self.told.zone, at))

    def day(self, day: int, *, when: bool = False) -> str | None:
        """A day by weekday and date, with its year where it is far; `when` as the time of an action."""
        if not FIRST_DAY <= day <= LAST_DAY:
            return None
        today = self.local_day("at")
        far = today is None or abs(day - today) > FAR_DAYS
        return self._shown.day(day, when=when, year=far)

    def time(self, moment: str) -> str | None:
        """A time of day, to the quarter of an hour: what is planned is spread within its slot."""
        at = self.told.number(moment)
        if at is None:
            return None
        hour, minute = divmod(local_minute(self.told.zone, at), 60)
        minute -= divmod(minute, 15)[1]
        # A day without a change of clocks, so that every time of day exists on it.
        shown = datetime(2001, 1, 15, hour, minute)  # noqa: DTZ001
        values: dict[str, Argument] = {
            "t": shown,
            "hour": (hour - 1) % 12 + 1,
            "minute": minute,
            "part": part_of_day(hour),
        }
        pattern = self.language.dates.time
        return spoken(pattern, self.tag, values)

    def amount(self, minor: int) -> str | None:
        """An amount of the loan's currency, fenced off from the sentence; None for nothing and for no currency."""
        currency = str(self.told.values.get("currency") or "")
        if minor <= 0 or currency not in list_currencies():
            return None
        return self._shown.amount(minor, currency)

    def fenced(self, text: str) -> str:
        """A name, code or amount that cannot turn the sentence around it, nor be turned by it."""
        return self._shown.fenced(text)

    def listed(self, items: Iterable[str]) -> str | None:
        """Items as the language lists them; None where there are none."""
        return self._shown.listed(items)

    def number(self, value: int) -> str:
        """A number in the language's digits."""
        return self._shown.number(value)

    def per_cent(self, ppm: int) -> str:
        """A rate in parts per million as a per cent."""
        return self._shown.per_cent(ppm)

    @cached_property
    def _shown(self) -> Shown:
        return Shown(self.language, self.tag)

    @cached_property
    def channel_names(self) -> Mapping[str, str]:
        """The channels by name."""
        return {code: channel.name for code, channel in self.language.channels.items()}


def part_of_day(hour: int) -> str:
    """night, dawn, morning, noon, afternoon or evening."""
    return next(part for until, part in PARTS_OF_DAY if hour < until)
