"""Sentences and values in the reader's language: {% say "pay.title" amount=it.amount %}, {% shown it.amount %}."""

from __future__ import annotations

from datetime import date

from django import template
from django.template import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from tideover.engine.message import PageWords
from tideover.kit.days import day_of
from tideover.kit.money import Money

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: Money | date | int | str) -> str:
    """The sentence under a key with its values; escaped like everything else."""
    words: PageWords = context["words"]
    return words.say(key, **values)


@register.simple_tag(takes_context=True)
def shown(context: Context, value: Money | date | int) -> SafeString:
    """One value as the language writes it: an amount never breaks over lines, a day stands in <time>."""
    words: PageWords = context["words"]
    if isinstance(value, Money):
        amount = conditional_escape(words.shown.amount(value.minor, value.currency))
        return mark_safe(f'<span class="amount">{amount}</span>')  # noqa: S308 - escaped above
    if isinstance(value, date):
        said = conditional_escape(words.shown.day(day_of(value)))
        return mark_safe(f'<time datetime="{value.isoformat()}">{said}</time>')  # noqa: S308 - escaped above
    return conditional_escape(words.shown.number(value))
