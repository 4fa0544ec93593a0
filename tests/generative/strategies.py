"""Strategies nobody would publish: any name, any question, any order. The same seed gives the same one."""

from random import Random

from tests.generative.oddities import PURPOSES
from tideover.engine.insight import Level
from tideover.engine.policy.expression import Type
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.scope import Names

LISTS = read_lists()
ROLES = ("borrower", "co_borrower", "guarantor")
CODES = {
    "kind": ("instalment", "once", "revolving", "microfinance"),
    "role": ROLES,
    "product": ("card",),
    "currency": ("EUR", "VND"),
    "frequency": ("weekly", "monthly"),
    "country": ("LV", "US-NY"),
    "language": ("lv", "fa"),
    "branch": ("north",),
    "team": ("red",),
    "application_step": ("declined", "approved", "received"),
}


class Wild:
    """A strategy as the files of a folder would say it."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.names = {
            level: Names(LISTS, {}).scope(level).names
            for level in (Level.LOAN, Level.APPLICATION, Level.PERSON)
        }
        policies = {f"policy_{n}": self.policy() for n in range(10)}
        order = self.random.sample(sorted(policies), len(policies))
        steps = [f"{name}/{it['steps'][0]['name']}" for name, it in policies.items() if self.maybe(0.3)]
        self.files = {
            "says": "Whatever comes, in any order.",
            "hold_out": self.random.randint(0, 2_000),
            "order": [*self.random.sample(steps, len(steps)), *order],
            "policies": policies,
        }

    def one(self, options):
        return self.random.choice(list(options))

    def maybe(self, share):
        return self.random.random() < share

    def policy(self):
        level = self.one((Level.LOAN, Level.LOAN, Level.PERSON, Level.APPLICATION))
        steps = [self.step(level, number) for number in range(self.random.randint(1, 4))]
        quiet = {"otherwise": "silence", "because": self.one(LISTS.reasons)}
        made = {"says": "Something that may be said.", "subject": level.value, "steps": [*steps, quiet]}
        if self.maybe(0.5):
            made["applies"] = self.condition(level)
        return made | {"roles": self.random.sample(ROLES, self.random.randint(1, 3))}

    def step(self, level, number):
        silent = self.maybe(0.25)
        step = {"name": f"step_{number}", "when": self.condition(level), "because": self.one(LISTS.reasons)}
        if silent:
            return step | {"do": "silence"}
        return step | {
            "do": self.one(LISTS.purposes),
            "every": self.one((0, 1, 7, 30)),
            "use_by": self.one((0, 1, 2, 5, 9, 30)),
            "tones": self.random.sample(("warm", "plain", "firm"), self.random.randint(1, 3)),
            "channels": self.random.sample(sorted(LISTS.channels), 4) if self.maybe(0.2) else [],
            "offers": self.random.sample(("plan", "split", "talk"), self.random.randint(0, 3)),
        }

    def condition(self, level):
        parts = [self.comparison(level) for _ in range(self.random.randint(1, 3))]
        return f" {self.one(('and', 'or'))} ".join(
            f"not ({part})" if self.maybe(0.3) else f"({part})" for part in parts
        )

    def comparison(self, level):
        if self.maybe(0.35):
            return self.question(level)
        name = self.one(self.names[level])
        if self.maybe(0.15):
            return f"{name} is {self.one(('', 'not '))}None"
        match self.names[level][name].type:
            case Type.YES_NO:
                return name
            case Type.MONEY:
                return f"{name} {self.one(('>', '<=', '=='))} 0"
            case Type.TEXT:
                return f'{name} {self.one(("==", "!="))} "{self.one(CODES.get(name, ("weekly", "email")))}"'
            case _:
                return f"{name} {self.one(('<', '<=', '>', '>=', '==', '!='))} {self.one((-1, 0, 1, 2, 3, 5, 30, 20_000))}"

    def question(self, level):
        purpose = self.one([it for it in PURPOSES if it])
        number = f"{self.one(('>=', '<', '=='))} {self.one((0, 1, 2, 7))}"
        asked = [
            f'days_since_told("{purpose}") {number}',
            f'days_since_told("{purpose}") is None',
            f'days_since_surely_told("{purpose}") {number}',
            f'times_told("{purpose}", {self.one((7, 30, 180))}) {number}',
            f'contacts("{self.one(LISTS.classes)}", {self.one((7, 30))}) {number}',
            f'lesson_done("{self.one(("paying_on_time", "credit_record"))}")',
            f'prefers("{self.one(("always_remind", "large_print"))}")',
        ]
        if level is Level.LOAN:
            asked += [f'told_since_{event}("{purpose}")' for event in ("missed", "promised")]
            asked += [f'times_told_since_missed("{purpose}") {number}']
        return self.one(asked)
