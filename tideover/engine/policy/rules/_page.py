"""The reference page of all rules, written from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator

from tideover.engine.policy.rules._rule import Country, Rule
from tideover.engine.policy.rules._rules import Rules
from tideover.engine.policy.rules._tables import DEFAULT
from tideover.engine.policy.rules._values import show
from tideover.kit.days import date_of

_INTRO = """\
# Rules of contact

Made from `content/rules` by `tideover.engine.policy.rules.rules_page`; change the rules, not this page.

Every contact meets the strictest of what is written here, the lender's own rules and the person's wish: hours
intersect, every cap stands, the longest rest counts, one ban is enough. A rule that *gives way* is a choice of ours
that stands only where the country says nothing of the kind about that contact.

- **law** was read in its source, or in a source that quotes it.
- **choice** is a careful default of ours, or a rule we know only from the press or from memory: confirm it.
- **draft** binds nobody until the lender turns it on in `rules/_lender.yaml`.

This is a description of what the software does. It is not legal advice.
"""
_WORDS = "## Words a message must carry\n\n| code | what it says |\n| --- | --- |\n"
_STATUS = {"law": "law", "lender_default": "choice", "draft": "draft"}


def rules_page(rules: Rules) -> str:
    """The whole page in Markdown, `_default` first, then the countries by name."""
    countries = sorted(rules.countries.values(), key=lambda one: (one.name != DEFAULT, one.title))
    sections = ("\n".join(_section(one, rules)) for one in countries)
    words = "\n".join(f"| `{code}` | {_cell(says)} |" for code, says in rules.lists.words.items())
    return "\n".join([_INTRO, *sections, f"{_WORDS}{words}", ""])


def _section(country: Country, rules: Rules) -> Iterator[str]:
    yield f"## {country.title}\n"
    if country.chain[1:]:
        above = ", ".join(rules.countries[name].title for name in country.chain[1:])
        yield f"With the rules of: {above}.\n"
    yield "| rule | what it says | value | binds | status | source | look again by |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for rule in sorted(rules.by_id.values(), key=lambda one: (one.kind, one.id)):
        if rule.place == country.name:
            yield _row(rule)
    yield ""


def _row(rule: Rule) -> str:
    written = rule.written
    sources = "; ".join(f"[{_cell(one.title)}]({one.href})" for one in written.reference) or "-"
    gives_way = (
        "; gives way" if written.merge == "own" and rule.kind in ("window", "cap", "cool_down") else ""
    )
    cells = [
        f"`{rule.id}`<br>{rule.kind.replace('_', ' ')}",
        _cell(written.says),
        _values(rule),
        ", ".join(written.applies_to),
        _STATUS[rule.status] + gives_way,
        sources,
        str(written.still_valid_on),
    ]
    return f"| {' | '.join(cells)} |"


def _values(rule: Rule) -> str:
    start = "assumed to stand since" if rule.written.start_assumed else "since"
    shown = [(day, "ended" if value is None else show(value)) for day, value in rule.values]
    unit = f"<br>({_cell(rule.written.unit)})"
    if rule.status == "lender_default" and len(shown) == 1 and not rule.written.reference:
        return _cell(shown[0][1]) + unit
    return "<br>".join(f"{start} {date_of(day)}: {_cell(text)}" for day, text in shown) + unit


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
