"""What must have words: the codes of the closed lists, of strategies and of rules, by section of a words file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tideover.engine.policy.content import SHIPPED, read_document
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.rules import Rules, read_rules

BLOCKING = ("window", "cap", "cool_down", "ban", "consent", "contract_address", "template", "other")
"""Kinds of rule that may hold a contact back; `other` speaks for the rest."""

TREATMENTS, TONES = ("contact", "wait", "human", "none"), ("warm", "plain", "firm")
STATUSES = ("law", "draft", "lender_default")
LABELS = (
    "treatment", "channel", "planned", "sent", "use_by", "purpose", "policy", "tone", "lesson", "topics", "offers", "rule", "says",
    "source", "closed", "known", "instead", "arm", "leaf", "propensity", "eligible", "decision", "strategy", "rules", "tables",
    "content", "engine",
)  # fmt: skip
VALUES = ("said_yes", "said_no")


@dataclass(frozen=True)
class Needed:
    """Codes by section. `hidden` are the reasons no person reads, with what she reads in their place."""

    for_person: Mapping[str, frozenset[str]]
    for_staff: Mapping[str, frozenset[str]]
    hidden: Mapping[str, str]
    rules: frozenset[str]


def needed_words(overlay: Path | None, rules: Rules | None) -> Needed:
    """What the content folder and its overlay need. Raises ContentRefused."""
    folders = [SHIPPED, *([overlay] if overlay else [])]
    lists, by_id = read_lists(overlay), (rules or read_rules(*folders)).by_id
    hidden = {code: it.instead for code, it in lists.reasons.items() if it.audience != "borrower"}
    steps = list(_steps(folders))
    person: dict[str, Iterable[str]] = {
        "channels": lists.channels,
        "purposes": lists.purposes,
        "reasons": set(lists.reasons) - set(hidden),
        "rules": BLOCKING,
        "offers": (offer for offers, _ in steps for offer in offers),
        "lessons": (lesson for _, lesson in steps if lesson),
    }
    staff: dict[str, Iterable[str]] = {
        "treatments": TREATMENTS,
        "tones": TONES,
        "statuses": STATUSES,
        "kinds": (*BLOCKING, "duty"),
        "places": {rule.place for rule in by_id.values()},
        "labels": LABELS,
        "values": VALUES,
        "purposes": lists.purposes,
        "reasons": lists.reasons,
    }
    return Needed(_frozen(person), _frozen(staff), hidden, frozenset(by_id))


def _frozen(codes: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {section: frozenset(it) for section, it in codes.items()}


def _steps(folders: Iterable[Path]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The offers and the lesson of every step of every strategy."""
    for folder in folders:
        for path in sorted(folder.glob("strategies/*/policies/*.yaml")):
            if not path.name.endswith(".cases.yaml"):
                policy = read_document(path).data
                for step in policy.get("steps", ()) if isinstance(policy, dict) else ():
                    yield tuple(step.get("offers", ())), str(step.get("lesson", ""))
