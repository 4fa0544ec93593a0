"""Places with rules of their own, what they include, and which place names lead to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from tideover.engine.policy.content import Problem
from tideover.engine.policy.rules._complaints import complaints
from tideover.engine.policy.rules._hours import WEEKDAYS, Hours
from tideover.engine.policy.rules._lists import ClosedLists
from tideover.engine.policy.rules._located import Located, read_located
from tideover.engine.policy.rules._rule import Country, Rule
from tideover.engine.policy.rules._schema import CountryFile
from tideover.engine.policy.rules._tables import DEFAULT
from tideover.kit.calendars import zone_names
from tideover.kit.nearest import did_you_mean

COUNTRY_FILE = "_country.yaml"


@dataclass
class Found:
    """What has been read so far from the folders, problems included."""

    lists: ClosedLists
    problems: list[Problem] = field(default_factory=list)
    countries: dict[str, tuple[CountryFile, Located]] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)


def read_country(path: Path, found: Found) -> None:
    """Notes the country file of a folder, or what is wrong with it."""
    located = read_located(path)
    found.problems.extend(located.problems)
    if located.problems:
        return
    try:
        written = CountryFile.model_validate(located.content)
    except ValidationError as error:
        found.problems.extend(complaints(error, CountryFile, located))
        return
    found.countries[path.parent.name] = (written, located)
    if written.zone not in zone_names():
        text = f"There is no time zone {written.zone!r}.{did_you_mean(written.zone, zone_names())}"
        found.problems.append(located.problem(text, "zone"))
    for number, day in enumerate(written.weekend or []):
        if day not in WEEKDAYS:
            found.problems.append(
                located.problem(f"{day!r} is not one of {', '.join(WEEKDAYS)}.", "weekend", number)
            )


def resolve_countries(found: Found) -> dict[str, Country]:
    """Every place with the chain of places whose rules it keeps."""
    for rule in found.rules.values():
        if rule.place not in found.countries:
            text = f"Its folder has no {COUNTRY_FILE}, so nobody knows whom it binds."
            found.problems.append(Problem(rule.file, 1, text))
    taken: dict[str, str] = {}
    countries = {}
    for name in sorted(found.countries):
        written, located = found.countries[name]
        chain = _chain(name, found)
        if DEFAULT not in chain and not located.problems:
            text = f"Every place must reach {DEFAULT} through what it includes."
            found.problems.append(located.problem(text, "includes"))
        for number, place in enumerate(written.places):
            if taken.setdefault(place, name) != name:
                text = f"The place {place} is taken by {taken[place]}."
                found.problems.append(located.problem(text, "places", number))
        countries[name] = _country(name, written, chain)
    return countries


def _chain(name: str, found: Found) -> tuple[str, ...]:
    """The place and what it includes, breadth first, so that nearer places come first."""
    chain = [name]
    for place in chain:
        written, located = found.countries[place]
        for number, included in enumerate(written.includes):
            if included not in found.countries:
                text = f"There is no folder {included!r} to include.{did_you_mean(included, found.countries)}"
                found.problems.append(located.problem(text, "includes", number))
            elif included not in chain:
                chain.append(included)
    return tuple(chain)


def _country(name: str, written: CountryFile, chain: tuple[str, ...]) -> Country:
    holidays = written.holidays
    return Country(
        name=name,
        title=written.name,
        chain=chain,
        places=tuple(written.places),
        zone=written.zone,
        holidays_country=holidays.country if holidays else None,
        holidays_subdivision=holidays.subdivision if holidays else None,
        weekend=tuple(written.weekend or ()),
    )


def check_holidays(found: Found, countries: Mapping[str, Country]) -> None:
    """A rule that closes holidays needs to know whose."""
    for rule in found.rules.values():
        if any(isinstance(value, Hours) and value.holidays_closed for _, value in rule.values):
            for one in countries.values():
                if rule.place in one.chain and one.holidays_country is None:
                    text = f"It closes holidays, but {one.name}/{COUNTRY_FILE} does not say whose holidays count."
                    found.problems.append(Problem(rule.file, 1, text))
