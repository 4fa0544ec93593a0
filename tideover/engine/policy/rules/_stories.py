"""A story beside a rule: at a moment, given this, expect that. Anyone in compliance can write one.

    - name: A collector may not call at nine in the evening
      at: 2026-11-23 21:00
      given: {acts_as: agent, purpose: help_call, channel: call}
      expect: {allowed: false, because: [us_agent_hours], earliest: 2026-11-24 08:00}

Moments are read on the local clock of the place; a Z at the end makes them UTC.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tideover.engine.policy.content import Problem
from tideover.engine.policy.rules._complaints import complaints
from tideover.engine.policy.rules._located import read_located
from tideover.engine.policy.rules._schema import ActsAs
from tideover.kit.calendars import moment_of
from tideover.kit.days import day_of

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\dZ?")
_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)
Fact = int | str | bool | None


class Past(BaseModel):
    """An earlier contact; purpose and channel are those of the story unless said."""

    model_config = _STRICT

    at: str = Field(pattern=_MOMENT.pattern)
    purpose: str | None = None
    channel: str | None = None
    same_loan: bool = True
    same_address: bool = True


class Given(BaseModel):
    """What is known; what is not said is ordinary: no consent, an address from the contract, no link, a free past."""

    model_config = _STRICT

    acts_as: ActsAs = "creditor"
    place: str | None = None
    zone: str | None = None
    kind: str = "instalment"
    purpose: str | None = None
    channel: str | None = None
    consent: bool = False
    contract_address: bool = True
    registered_template: bool = True
    link: bool = False
    links_wanted: bool = False
    sent: list[Past] = []
    talked: list[str] = []
    facts: dict[str, Fact] = {}
    told: dict[str, int | list[int]] = {}
    perhaps_told: dict[str, int | list[int]] = {}


class Expect(BaseModel):
    """What must follow. `because` names rules that must be among those in the way, `not_because` ones that must not."""

    model_config = _STRICT

    allowed: bool | None = None
    banned: bool | None = None
    because: list[str] = []
    not_because: list[str] = []
    earliest: str | None = Field(default=None, pattern=_MOMENT.pattern)
    words: list[str] | None = None
    owed: bool | None = None
    by: date | None = None
    actions_banned: list[str] | None = None
    value: str | None = None


class Story(BaseModel):
    """One case of one rule."""

    model_config = _STRICT

    name: str = Field(min_length=10)
    at: str = Field(pattern=_MOMENT.pattern)
    given: Given = Given()
    expect: Expect


def read_stories(path: Path) -> tuple[list[tuple[Story, int]], list[Problem]]:
    """The stories of a file, each with its line, and everything that is wrong with it."""
    located = read_located(path)
    if located.problems:
        return [], located.problems
    if not isinstance(located.content, list) or not located.content:
        return [], [located.problem("Expected a list of stories.")]
    stories = []
    for number, raw in enumerate(located.content):
        try:
            stories.append((Story.model_validate(raw), located.problem("", number).line))
        except ValidationError as error:
            located.problems.extend(complaints(error, Story, located, number))
    return stories, located.problems


def moment_in(text: str, zone: str) -> int:
    """Epoch seconds of "2026-11-23 21:00", read on the zone's clock, or in UTC where it ends in Z."""
    wall = datetime.fromisoformat(text.removesuffix("Z"))
    clock = "UTC" if text.endswith("Z") else zone
    return moment_of(clock, day_of(wall.date()), wall.hour * 60 + wall.minute)
