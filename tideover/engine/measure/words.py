"""Codes of a decision in plain English, for staff. Every sentence comes from content; a code without one reads as itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tideover.engine.measure.where import codes
from tideover.engine.policy.lists import Lists
from tideover.engine.policy.rules import Rules

TREATMENTS: Mapping[str, tuple[str, str]] = {
    "contact": ("written to", "A message leaves today."),
    "human": ("for a person to call", "A call or visit by one of us helps more than a message."),
    "wait": ("a better moment later", "There is something useful to say, on a later day."),
    "none": ("left in peace", "Nothing useful to say, or nothing that may be said."),
}


WISHES = frozenset({"refused", "wished_other_channel", "asked_no_calls", "others_use_phone"})
"""What stands in the way because the person wants it so; what is no rule, hold or wish is a gap in what we know or have."""


@dataclass(frozen=True)
class Source:
    """Where a sentence about a limit comes from: `kind` is law, lender's choice, hold, wish or gap; `title` and `href` its reference."""

    kind: str
    title: str = ""
    href: str = ""


@dataclass(frozen=True)
class Words:
    """Labels and sentences by code."""

    lists: Lists
    rules: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    @staticmethod
    def of(lists: Lists, rules: Rules | None = None) -> Words:
        """Words for what stands in the closed lists and the rules."""
        found = rules.by_id if rules else {}
        says = {name: rule.written.says for name, rule in found.items()}
        return Words(
            lists, says, {name: _source(rule.status, rule.written.reference) for name, rule in found.items()}
        )

    def treatment(self, code: str | None) -> str:
        return TREATMENTS.get(code or "none", (label(code), ""))[0]

    def treatment_says(self, code: str | None) -> str:
        return TREATMENTS.get(code or "none", ("", ""))[1]

    def purpose(self, code: str | None) -> str:
        """What a contact is for, as a sentence."""
        known = self.lists.purposes.get(code or "")
        return known.says if known else label(code)

    def channel(self, code: str | None) -> str:
        """The channel in its own sentence."""
        known = self.lists.channels.get(code or "")
        return known.says if known else label(code)

    def reason(self, code: str) -> str:
        """Why, as a sentence: of a reason, or of the rule that stood in the way."""
        known = self.lists.reasons.get(code)
        return known.says if known else self.rules.get(code, f"{label(code).capitalize()}.")

    def is_restricted(self, code: str) -> bool:
        """Whether it could harm somebody if it were told with a name: a suspicion of fraud, another party's secret."""
        known = self.lists.reasons.get(code)
        return known is not None and known.audience == "restricted"

    def open_codes(self, text: str) -> str:
        """The codes, those that could harm somebody beside a name replaced by their neutral ones."""
        told = []
        for part in filter(None, text.split(",")):
            code, at, channel = part.partition("@")
            told.append(
                self.lists.reasons[code].instead if self.is_restricted(code) else f"{code}{at}{channel}"
            )
        return ",".join(dict.fromkeys(told))

    def of_person(self, code: str) -> str:
        """The reason in a sentence that may stand beside a name; of a rule its first one."""
        known = self.lists.reasons.get(code)
        if known is not None and known.audience == "restricted":
            return self.reason(known.instead)
        return self.in_short(code)

    def in_short(self, code: str) -> str:
        """The first sentence of a reason."""
        first, dot, _ = self.reason(code).partition(". ")
        return f"{first}." if dot else first

    def source(self, code: str) -> Source:
        """Who says that something may not be said."""
        if code in self.sources:
            return self.sources[code]
        if code.startswith("hold_"):
            return Source("hold")
        return Source("wish" if code in WISHES else "gap")

    def because(self, reasons: str) -> str:
        """All reasons of a person's row as sentences, what the source assumed left aside."""
        said = (self.of_person(code) for code in codes(reasons) if not code.startswith("assumed_"))
        return " ".join(dict.fromkeys(said))


def _source(status: str, references: Iterable[object]) -> Source:
    kind = {"law": "law", "draft": "draft"}.get(status, "lender's choice")
    first = next(iter(references), None)
    return Source(kind, getattr(first, "title", ""), getattr(first, "href", ""))


def label(code: str | None) -> str:
    """A code as people say it: `due_soon` is due soon."""
    return (code or "nothing").replace("_", " ")


def listed(parts: Iterable[str]) -> str:
    """One, two and three."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def plural(count: int, one: str, many: str = "") -> str:
    """No calls, 1 call, 2 calls."""
    if count == 1:
        return f"1 {one}"
    return f"{f'{count:,}' if count else 'no'} {many or one + 's'}"
