"""From a file to a rule: the kind's own entries, the names it uses, its dated values. Every problem is collected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from tideover.engine.policy.content import Problem
from tideover.engine.policy.rules._complaints import complaints
from tideover.engine.policy.rules._lists import ACTIONS, ACTS, KINDS, ROLES, ClosedLists
from tideover.engine.policy.rules._located import Located, read_located
from tideover.engine.policy.rules._rule import Rule
from tideover.engine.policy.rules._schema import OPTIONAL, SHAPES, RuleFile
from tideover.engine.policy.rules._values import READERS, Applies, Codes, Value
from tideover.engine.policy.rules._when import check_when, filled, placeholders
from tideover.kit.days import day_of
from tideover.kit.nearest import did_you_mean


@dataclass
class _Reading:
    """One file on its way to a rule."""

    found: Located
    lists: ClosedLists

    def complain(self, text: str, *steps: object) -> None:
        self.found.problems.append(self.found.problem(text, *steps))


def read_rule(path: Path, lists: ClosedLists) -> tuple[Rule | None, list[Problem]]:
    """The rule of a file, or None with everything that is wrong with it."""
    reading = _Reading(read_located(path), lists)
    written = _written(reading)
    if written is None:
        return None, reading.found.problems
    _check_entries(written, path, reading)
    _check_names(written, reading)
    rule = Rule(
        written=written,
        place=path.parent.name,
        file=str(path),
        kinds=tuple(kind for kind in KINDS if written.products == "all" or kind in written.products),
        purposes=_purposes(written, lists),
        channels=_channels(written, lists),
        values=_values(written, reading),
    )
    return (None if reading.found.problems else rule), reading.found.problems


def _written(reading: _Reading) -> RuleFile | None:
    if reading.found.problems:
        return None
    try:
        return RuleFile.model_validate(reading.found.content)
    except ValidationError as error:
        reading.found.problems.extend(complaints(error, RuleFile, reading.found))
        return None


def _check_entries(written: RuleFile, path: Path, reading: _Reading) -> None:
    shape, given = SHAPES[written.kind], {name for name in OPTIONAL if getattr(written, name) is not None}
    if written.id != path.stem:
        reading.complain(
            f"The id is {written.id!r} but the file is {path.name}; they must be the same name.", "id"
        )
    for name in sorted(shape.needs - given):
        reading.complain(f"A rule of kind {written.kind} needs `{name}`.", "kind")
    for name in sorted(given - shape.needs - shape.may):
        reading.complain(f"A rule of kind {written.kind} has no `{name}`; take it out.", name)
    if "classes" in shape.may and written.classes is None and written.purposes is None:
        reading.complain("Say which contacts this is about: `classes` or `purposes`.", "kind")
    if written.merge not in shape.merges:
        reading.complain(f"A rule of kind {written.kind} merges by {' or '.join(shape.merges)}.", "merge")
    if written.kind == "duty" and not _is_duty(written.purposes, reading.lists):
        reading.complain("A duty names exactly one purpose, and that is of class duty.", "purposes")
    if written.status != "lender_default" and not written.reference:
        reading.complain("A law or a draft needs a reference: the name and article of the act.", "reference")
    if written.status == "law" and written.merge == "own" and "classes" in shape.may:
        reading.complain("`own` gives way to a nearer rule, and a law does not give way.", "merge")


def _is_duty(purposes: object, lists: ClosedLists) -> bool:
    known = (
        [lists.purposes[name] for name in purposes if name in lists.purposes]
        if isinstance(purposes, list)
        else []
    )
    return [one.of_class for one in known] == ["duty"]


def _check_names(written: RuleFile, reading: _Reading) -> None:
    lists = reading.lists
    known: list[tuple[str, object, Iterable[str]]] = [
        ("products", written.products, KINDS),
        ("channels", written.channels, lists.channels),
        ("classes", written.classes, lists.classes),
        ("purposes", written.purposes, lists.purposes),
        ("except_purposes", written.except_purposes, lists.purposes),
        ("roles", written.roles, ROLES),
        ("actions", written.actions, ACTIONS),
        ("act", None if written.act is None else [written.act], ACTS),
        ("hold", None if written.hold is None else [written.hold], lists.holds),
    ]
    for entry, names, allowed in known:
        for number, name in enumerate(names if isinstance(names, list) else []):
            if name not in allowed:
                text = f"{name!r} is not a known name for {entry}.{did_you_mean(name, allowed)}"
                reading.complain(text, entry, number)


def _channels(written: RuleFile, lists: ClosedLists) -> tuple[str, ...]:
    chosen = lists.channels if written.channels in (None, "all") else written.channels or ()
    return tuple(name for name in lists.channels if name in chosen)


def _purposes(written: RuleFile, lists: ClosedLists) -> tuple[str, ...]:
    chosen = written.purposes if isinstance(written.purposes, list) else []
    spared = written.except_purposes or []
    of_class = tuple(lists.classes) if written.classes == "all" else tuple(written.classes or ())
    return tuple(
        one.name
        for one in lists.purposes.values()
        if one.name not in spared
        and (one.name in chosen or one.of_class in of_class or (written.purposes == "counted" and one.counts))
    )


def _values(written: RuleFile, reading: _Reading) -> tuple[tuple[int, Value | None], ...]:
    dated = []
    for day, raw in sorted(written.values.items()):
        try:
            value = None if raw is None else READERS[written.kind](raw)
        except ValueError as error:
            reading.complain(str(error), "values", day)
            continue
        _check_when(written, value, day, reading)
        _check_gives(written, value, day, reading)
        _check_codes(value, day, reading)
        dated.append((day_of(day), value))
    return tuple(dated)


def _check_when(written: RuleFile, value: Value | None, day: date, reading: _Reading) -> None:
    if not isinstance(value, Applies):
        return
    asked = placeholders(written.when or "")
    given = set(value.numbers) - ({"within_days"} - asked)
    if asked != given:
        wrong = ", ".join(sorted(asked ^ given))
        reading.complain(f"The numbers in `when` and in the value are not the same: {wrong}.", "values", day)
    elif written.when is not None:
        refused = check_when(filled(written.when, value.numbers), reading.lists.purposes)
        if refused is not None:
            reading.complain(refused, "when")


def _check_gives(written: RuleFile, value: Value | None, day: date, reading: _Reading) -> None:
    numbers = value.numbers if isinstance(value, Applies) else {}
    for purpose, days in (written.gives or {}).items():
        if purpose not in reading.lists.purposes:
            reading.complain(
                f"{purpose!r} is not a purpose.{did_you_mean(purpose, reading.lists.purposes)}", "gives"
            )
        for name in (part for parts in days.values() for part in parts if part not in numbers):
            reading.complain(
                f"{name!r} is not among the numbers of {day}.{did_you_mean(name, numbers)}", "gives", purpose
            )


def _check_codes(value: Value | None, day: date, reading: _Reading) -> None:
    for code in value.codes if isinstance(value, Codes) else ():
        if code not in reading.lists.words:
            guess = did_you_mean(code, reading.lists.words)
            reading.complain(f"{code!r} is not a block of words in rules/_words.yaml.{guess}", "values", day)
