"""The same decision for staff: every code, rule, source, chance and hash beside its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tideover.engine.insight import REGISTRY, Unit
from tideover.engine.message.borrower import changes
from tideover.engine.message.explanation import Line, Part
from tideover.engine.message.speech import Speech
from tideover.engine.message.tellable import (
    Obstacle,
    for_borrower,
    kind_of,
    obstacles,
    obstacles_told,
    reasons_told,
)
from tideover.engine.message.told import Form
from tideover.engine.message.words import ENGLISH
from tideover.engine.policy.rules import Rule
from tideover.kit.ids import short

UNITS = {name: it.unit for (_, name), it in REGISTRY.items()}
HASHES = {
    "strategy": "strategy_hash",
    "rules": "rules_hash",
    "tables": "tables_hash",
    "content": "content_hash",
}
DUTIES = "duties"
NOWHERE = "_default"
MOST_TOPICS = 5
"""A person may have very many loans; staff read the first few and how many more there are."""


def staff_parts(speech: Speech) -> Iterable[Part]:
    """What staff read."""
    language = speech.language
    headings = language.headings
    yield Part("what", headings.what, tuple(_what(speech)))
    yield Part("why", headings.why, tuple(_why(speech)))
    yield Part(
        "blocked",
        headings.blocked,
        tuple(line for it in obstacles(speech.told) for line in _blocked(speech, it)),
    )
    yield Part("change", speech.staff.as_the_person_reads_it, tuple(_changes(speech)))
    yield Part("next", headings.next, _lines(speech.say(language.sentences.next_review)))
    yield Part("chosen", speech.staff.headings.chosen, tuple(_chosen(speech)))
    yield Part("trace", speech.staff.headings.trace, tuple(_trace(speech)))


def _lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(text) for text in texts if text)


def _entry(speech: Speech, label: str, value: str | None, code: str = "") -> Iterator[Line]:
    """A label and its value; nothing where the value is unknown."""
    if value:
        words = speech.staff
        yield Line(speech.say(words.entry, label=words.labels[label], value=value), code)


def _named(speech: Speech, name: str | None, code: str) -> str:
    """A name with its code behind it."""
    return f"{name} [{speech.fenced(code)}]" if name else speech.fenced(code)


def _moment(speech: Speech, name: str) -> str | None:
    day, time = speech.value(name), speech.time(name)
    return speech.say(speech.staff.moment, day=day, time=time) or None


def _what(speech: Speech) -> Iterator[Line]:
    told, language = speech.told, speech.language
    channel, purpose = told.text("channel"), told.text("purpose")
    treatment = told.text("treatment")
    yield from _entry(speech, "treatment", _named(speech, speech.staff.treatments.get(treatment), treatment))
    if purpose:
        yield from _entry(
            speech, "purpose", _named(speech, speech.staff.purposes.get(purpose), purpose), purpose
        )
    if channel:
        yield from _entry(
            speech, "channel", _named(speech, speech.channel_names.get(channel), channel), channel
        )
    yield from _entry(speech, "planned", _moment(speech, "send_at"))
    yield from _entry(speech, "sent", str(speech.value("sent_at") or ""))
    if told.text("policy"):
        yield from _entry(
            speech,
            "policy",
            speech.fenced(f"{told.text('policy')} / {told.text('step')}"),
            told.text("policy"),
        )
    yield from _entry(speech, "tone", speech.staff.tones.get(told.text("tone")))
    yield from _entry(speech, "topics", _topics(speech) or speech.fenced(told.text("subject")))
    yield from _entry(speech, "lesson", _if_any(speech, told.text("lesson"), language.lessons))
    yield from _entry(
        speech,
        "offers",
        speech.listed(f"{language.offers.get(code, '')} [{code}]".strip() for code in told.offers),
    )


def _topics(speech: Speech) -> str | None:
    """What the contact is about: what it is mainly about first, a few beside it, and how many more."""
    ranked = sorted(speech.told.topics, key=lambda it: (not it.get("is_main"), str(it.get("subject"))))
    said = [f"{it.get('subject')} ({it.get('occasion')})" for it in ranked[:MOST_TOPICS]]
    further = len(ranked) - len(said)
    return speech.listed([*said, *([speech.say(speech.staff.further, count=further)] if further else [])])


def _if_any(speech: Speech, code: str, names: dict[str, str]) -> str:
    return _named(speech, names.get(code), code) if code else ""


def _why(speech: Speech) -> Iterator[Line]:
    """Each reason with its code, what the person reads instead, and what was known."""
    told = speech.told
    for code in reasons_told(told, speech.words.lists, "staff"):
        yield Line(_named(speech, staff_sentence(speech, code), code), code)
        yield from _instead(speech, code)
    if told.text("policy") == DUTIES:
        yield from _rule(speech, told.text("step"))
    if told.values.get("jurisdiction") == NOWHERE:
        yield Line(speech.staff.unknown_place, NOWHERE)
    known = [text for name in speech.staff.values if (text := _known(speech, name))]
    yield from _entry(speech, "known", speech.staff.between.join(speech.fenced(text) for text in known))


def staff_sentence(speech: Speech, code: str) -> str:
    """A reason in words about the person: the language's own, in English those of the closed list."""
    reason = speech.words.lists.reasons.get(code)
    return speech.staff.reasons.get(code) or (reason.says if reason else "")


def _instead(speech: Speech, code: str) -> Iterator[Line]:
    """What the person reads where this may not be told, if she reads anything for it."""
    told, lists = speech.told, speech.words.lists
    new = for_borrower(code, told, lists)
    read = {*reasons_told(told, lists, "borrower"), *(it.code for it in obstacles_told(told, lists))}
    words = speech.language.reasons.get(new)
    if new != code and new in read and words:
        yield from _entry(speech, "instead", speech.say(words.why))


def _known(speech: Speech, name: str) -> str:
    """A value with its label: numbers, amounts, days, yes or no."""
    value, words = speech.told.values.get(name), speech.staff
    shown: str | None = None
    if isinstance(value, bool):
        shown = words.values["said_yes" if value else "said_no"]
    elif isinstance(value, int):
        shown = _shown(speech, name, value)
    return speech.say(words.entry, label=words.values[name], value=shown)


def _shown(speech: Speech, name: str, value: int) -> str | None:
    if UNITS.get(name) is Unit.MONEY:
        return str(speech.formed(name, Form.MONEY) or "") or None
    return speech.day(value) if UNITS.get(name) is Unit.DAY else speech.number(value)


def _blocked(speech: Speech, it: Obstacle) -> Iterator[Line]:
    if it.code in speech.words.lists.reasons:
        yield Line(_named(speech, staff_sentence(speech, it.code), it.code), it.code)
        yield from _instead(speech, it.code)
    else:
        yield from _rule(speech, it.code)
    yield from _entry(
        speech, "closed", speech.listed(_named(speech, speech.channel_names.get(c), c) for c in it.channels)
    )


def _rule(speech: Speech, rule_id: str) -> Iterator[Line]:
    """A rule by its id: kind, place and standing; its own words where the reader's language has them; its source."""
    words, rule = speech.staff, speech.words.rules.get(rule_id)
    kind = words.kinds[kind_of(rule_id, speech.words, words.kinds)]
    if rule is None:
        yield from _entry(speech, "rule", f"{speech.fenced(rule_id)} ({kind})", rule_id)
        return
    place = words.places.get(rule.place, rule.place)
    standing = speech.say(words.standing, kind=kind, place=place, status=words.statuses[rule.status])
    yield from _entry(speech, "rule", f"{speech.fenced(rule_id)} ({standing})", rule_id)
    if speech.tag == ENGLISH:
        yield from _entry(speech, "says", rule.written.says)
    yield from _sources(speech, rule)


def _sources(speech: Speech, rule: Rule) -> Iterator[Line]:
    for reference in rule.written.reference:
        yield from _entry(speech, "source", speech.fenced(f"{reference.title}, {reference.href}"))


def _changes(speech: Speech) -> Iterator[Line]:
    yield from _lines(*dict.fromkeys(text for text in changes(speech) if text))


def _chosen(speech: Speech) -> Iterator[Line]:
    told = speech.told
    for name in ("arm", "leaf", "eligible"):
        yield from _entry(speech, name, speech.fenced(told.text(name)))
    propensity = told.number("propensity")
    yield from _entry(speech, "propensity", None if propensity is None else speech.number(propensity))
    yield from _entry(speech, "use_by", _moment(speech, "use_by"))


def _trace(speech: Speech) -> Iterator[Line]:
    told = speech.told
    yield from _entry(speech, "decision", speech.fenced(told.text("decision_id")))
    for label, column in HASHES.items():
        yield from _entry(speech, label, speech.fenced(short(told.text(column))))
    yield from _entry(speech, "engine", speech.fenced(told.text("engine_version")))
