"""From the rules in force to the tables a decision joins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from tideover.engine.policy.rules._lists import ClosedLists
from tideover.engine.policy.rules._merge import Merged, merge_cells, seen_from
from tideover.engine.policy.rules._rule import Cell, Country, Rule
from tideover.engine.policy.rules._tables import (
    ActionBan,
    BanWhen,
    CapCellRow,
    CapRow,
    CellRow,
    CoolDownRow,
    Duty,
    MergedWindow,
    RuleTables,
    Statement,
)
from tideover.engine.policy.rules._values import Applies, Count, Told, Value
from tideover.engine.policy.rules._when import filled

Dated = Sequence[tuple[Rule, Value]]


def build(
    *,
    acts_as: str,
    span: tuple[int | None, int | None],
    rules: Dated,
    countries: Mapping[str, Country],
    lists: ClosedLists,
) -> RuleTables:
    """The tables for a span of days on which no value changes."""
    merged = {name: merge_cells(one, seen_from(one, rules), lists) for name, one in countries.items()}
    every = [(name, cell, what) for name, cells in merged.items() for cell, what in cells.items()]
    bans = [(rule, value) for rule, value in _ranked(rules, "ban") if rule.written.when]
    return RuleTables(
        acts_as=acts_as,
        from_day=span[0],
        until_day=span[1],
        cells=[_cell_row(*one) for one in every],
        windows=_windows(every),
        caps=[_cap_row(rule, value) for rule, value in rules if isinstance(value, Count)],
        caps_by_cell=[_cap_cell(name, cell, cap[0]) for name, cell, what in every for cap in what.caps],
        cooldowns=[row for one in every for row in _rest_rows(*one)],
        bans_when=tuple(_ban_when(rule, value, countries) for rule, value in bans),
        action_bans=tuple(
            _action_ban(rule, value, countries) for rule, value in _ranked(rules, "action_ban")
        ),
        duties=tuple(_duty(rule, value, countries) for rule, value in _ranked(rules, "duty")),
        statements=tuple(
            _statement(rule, value, countries) for rule, value in rules if isinstance(value, Told)
        ),
        places={place: one.name for one in countries.values() for place in one.places},
        hash=_hash(acts_as, rules, countries, lists),
        gives=_gives(rules, countries),
    )


def _gives(rules: Dated, countries: Mapping[str, Country]) -> dict[tuple[str, str], dict[str, int]]:
    """What rules tell the words; of two the longer time, which is the person's."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for rule, value in rules:
        numbers = value.numbers if isinstance(value, Applies) else {}
        for purpose, days in (rule.written.gives or {}).items():
            for place in _where(rule, countries):
                told = found.setdefault((place, purpose), {})
                for name, parts in days.items():
                    told[name] = max(told.get(name, 0), sum(numbers[part] for part in parts))
    return found


def _cell_row(jurisdiction: str, cell: Cell, merged: Merged) -> CellRow:
    return {
        "jurisdiction": jurisdiction,
        "kind": cell[0],
        "purpose": cell[1],
        "channel": cell[2],
        "window_id": merged.window.id,
        "banned_by": merged.by.get("ban"),
        "consent_by": merged.by.get("consent"),
        "contract_by": merged.by.get("contract_address"),
        "request_by": merged.by.get("links_on_request"),
        "template_by": merged.by.get("template"),
        "words": merged.words,
        "words_by": merged.words_by,
    }


def _windows(every: list[tuple[str, Cell, Merged]]) -> dict[str, MergedWindow]:
    return {what.window.id: what.window for _, _, what in every}


def _cap_row(rule: Rule, count: Count) -> CapRow:
    scope = rule.written.scope or "person"
    return {"cap_id": rule.id, "n": count.n, "period_seconds": count.period_seconds, "scope": scope}


def _cap_cell(jurisdiction: str, cell: Cell, cap_id: str) -> CapCellRow:
    return {
        "jurisdiction": jurisdiction,
        "kind": cell[0],
        "purpose": cell[1],
        "channel": cell[2],
        "cap_id": cap_id,
    }


def _rest_rows(jurisdiction: str, cell: Cell, merged: Merged) -> list[CoolDownRow]:
    return [
        {
            "jurisdiction": jurisdiction,
            "kind": cell[0],
            "purpose": cell[1],
            "channel": cell[2],
            "scope": scope,
            "seconds": rest.seconds,
            "rule_id": rule_id,
        }
        for rule_id, scope, rest in merged.rests
    ]


def _ranked(rules: Dated, kind: str) -> Dated:
    """Law first: its name is the one a block carries."""
    return sorted(
        ((r, v) for r, v in rules if r.kind == kind), key=lambda one: (one[0].status != "law", one[0].id)
    )


def _where(rule: Rule, countries: Mapping[str, Country]) -> tuple[str, ...]:
    return tuple(name for name, one in countries.items() if rule.place in one.chain)


def _when(rule: Rule, value: Value) -> str:
    return filled(rule.written.when or "True", value.numbers if isinstance(value, Applies) else {})


def _ban_when(rule: Rule, value: Value, countries: Mapping[str, Country]) -> BanWhen:
    when = _when(rule, value)
    return BanWhen(
        rule.id, _where(rule, countries), rule.kinds, rule.purposes, rule.channels, when, reason=rule.id
    )


def _action_ban(rule: Rule, value: Value, countries: Mapping[str, Country]) -> ActionBan:
    when = _when(rule, value) if rule.written.when else None
    actions = tuple(rule.written.actions or ())
    return ActionBan(rule.id, _where(rule, countries), rule.kinds, actions, when, reason=rule.id)


def _duty(rule: Rule, value: Value, countries: Mapping[str, Country]) -> Duty:
    return Duty(
        id=rule.id,
        jurisdictions=_where(rule, countries),
        kinds=rule.kinds,
        when=_when(rule, value),
        purpose=rule.purposes[0],
        within_days=value.numbers["within_days"] if isinstance(value, Applies) else 0,
        channels=rule.channels,
        roles=tuple(rule.written.roles or ()),
        reference=tuple(rule.written.reference),
    )


def _statement(rule: Rule, told: Told, countries: Mapping[str, Country]) -> Statement:
    return Statement(
        id=rule.id,
        kind=rule.kind,
        jurisdictions=_where(rule, countries),
        kinds=rule.kinds,
        purposes=rule.purposes,
        channels=rule.channels,
        about=rule.written.act or rule.written.hold or "",
        told=told,
    )


def _hash(acts_as: str, rules: Dated, countries: Mapping[str, Country], lists: ClosedLists) -> str:
    """One hash for all that shaped these tables; a changed word changes it too, for a decision cites it."""
    stated = [f"{rule.place} {rule.written.model_dump_json()} {value!r}" for rule, value in rules]
    around = [acts_as, repr(sorted(countries.items())), repr(lists)]
    return sha256("\n".join([*around, *sorted(stated)]).encode()).hexdigest()
