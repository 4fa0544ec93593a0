"""Runs the stories beside the rules: each must come true on the tables of its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tideover.engine.policy.content import Problem
from tideover.engine.policy.rules._expectations import CHECKS, Played
from tideover.engine.policy.rules._rule import Rule
from tideover.engine.policy.rules._rules import Rules
from tideover.engine.policy.rules._stories import Story, moment_in, read_stories
from tideover.engine.policy.rules._when import names_in
from tideover.kit.calendars import local_day
from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

# These tell other parts of the product something and stand in nobody's way: a story is welcome, not asked for.
WITHOUT_STORIES = frozenset({"information", "notice_before", "hold_effect", "opt_out_words"})


@dataclass(frozen=True)
class Failure:
    """A story that did not come true, or could not be told."""

    file: str
    line: int
    story: str
    text: str

    def __str__(self) -> str:
        story = f"{self.story}: " if self.story else ""
        return f"{self.file}:{self.line}: {story}{self.text}"


def run_cases(rules: Rules) -> list[Failure]:
    """What did not come true of every story of every layer; empty is good.

    Each plays on the rules as they stand up to its own layer: a lender's stricter hours do not make ours untrue.
    """
    failures: list[Failure] = []
    for number, layer in enumerate(rules.layers):
        below = rules.layers[number - 1] if number else {}
        standing = rules.at_layer(number)
        for rule in layer.values():
            if below.get(rule.id) is not rule:
                failures.extend(_run_rule(rule, standing))
    return failures


def _run_rule(rule: Rule, standing: Rules) -> list[Failure]:
    path = Path(rule.file).with_suffix(".cases.yaml")
    if not path.is_file():
        text = f"{rule.id} has no story in {path.name}; tell at least one that it forbids or asks for."
        return [] if rule.kind in WITHOUT_STORIES else [Failure(rule.file, 1, "", text)]
    stories, problems = read_stories(path)
    failures = [_failure(problem) for problem in problems]
    rules = standing.with_drafts(rule.id) if rule.status == "draft" else standing
    known = _fact_names(rules)
    for story, line in stories:
        failures += [Failure(str(path), line, story.name, text) for text in _play(story, rule, rules, known)]
    return failures


def _failure(problem: Problem) -> Failure:
    return Failure(problem.file, problem.line, "", problem.says)


def _fact_names(rules: Rules) -> frozenset[str]:
    """The facts that some rule asks about; `days_past_due` also dates the oldest missed instalment."""
    whens = (when for rule in rules.by_id.values() for day, _ in rule.values if (when := rule.when_on(day)))
    return frozenset({"days_past_due"}).union(*(names_in(when) for when in whens))


def _play(story: Story, rule: Rule, rules: Rules, known: frozenset[str]) -> Iterable[str]:
    for name in sorted(set(story.given.facts) - known):
        yield f"no rule asks about the fact {name!r}.{did_you_mean(name, known)}"
    if not story.expect.model_fields_set:
        yield "it expects nothing."
    try:
        played = _set_up(story, rule, rules)
        for check in CHECKS:
            yield from check(played, story.expect)
    except (Refused, KeyError, TypeError) as error:
        yield f"it cannot be played: {error}"


def _set_up(story: Story, rule: Rule, rules: Rules) -> Played:
    given = story.given
    named = rules.on(0, given.acts_as).jurisdiction_of(given.place) if given.place else rule.place
    zone = given.zone or rules.countries[named].zone
    at = moment_in(story.at, zone)
    return Played(rule, story, rules.on(local_day(zone, at), given.acts_as), named, zone, at)
