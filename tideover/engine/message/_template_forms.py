"""Which forms a template must have, which it may not, and whether its codes are of the closed lists."""

from __future__ import annotations

from collections.abc import Iterator

from tideover.engine.message.compose import TERMS
from tideover.engine.message.placeholders import ACTIONS, PLACEHOLDERS
from tideover.engine.message.template import Template
from tideover.engine.policy.content import Problem
from tideover.engine.policy.lists import Lists
from tideover.kit.nearest import did_you_mean

BY_MESSAGE = ("subject", "preview", "short", "spoken")
MAY_BY_MESSAGE = (*BY_MESSAGE, "also", "action")
BY_PERSON = ("spoken", "may_say", "must_not_say")
FORMS = tuple(dict.fromkeys((*MAY_BY_MESSAGE, *BY_PERSON)))
SENDER = "{sender}"


def form_problems(template: Template, lists: Lists) -> Iterator[Problem]:
    """Everything wrong with what stands in a template, whatever its words."""
    yield from _forms(template, by_person=lists.purposes[template.name].by == "person")
    yield from _codes(template, lists)


def _forms(template: Template, *, by_person: bool) -> Iterator[Problem]:
    head, document = template.head, template.document
    for form in BY_PERSON if by_person else BY_MESSAGE:
        if not getattr(head, form):
            yield document.problem((), f"has no `{form}`; write it")
    for form in FORMS:
        if getattr(head, form) and form not in (BY_PERSON if by_person else MAY_BY_MESSAGE):
            who = "a person says" if by_person else "a message sends"
            yield document.problem((form,), f"`{form}` is not for what {who}; take it out")
    for at, text in enumerate(head.short):
        if SENDER not in text:
            yield document.problem(("short", at), f"does not say who writes; begin it with {SENDER}")
    if bool(template.body) == by_person:
        is_spoken = "is for what a person says, so it has no body"
        yield document.problem((), is_spoken if by_person else "has no body; write the long form")


def _codes(template: Template, lists: Lists) -> Iterator[Problem]:
    head, document = template.head, template.document
    if head.action and head.action.do not in ACTIONS:
        guess = did_you_mean(head.action.do, ACTIONS) or f" Known are {', '.join(ACTIONS)}."
        yield document.problem(("action", "do"), f"{head.action.do!r} is not a known action.{guess}")
    for at, need in enumerate(head.needs):
        if need not in PLACEHOLDERS and need != TERMS:
            guess = did_you_mean(need, [*PLACEHOLDERS, TERMS])
            yield document.problem(("needs", at), f"{need!r} is not a known value.{guess}")
    if head.law_words and lists.purposes[template.name].purpose_class != "duty":
        yield document.problem(("law_words",), "only what a law orders may use its hard words; take them out")
