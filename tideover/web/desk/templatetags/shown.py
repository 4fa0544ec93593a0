"""An amount as staff read it: {% money it.amount %}."""

from __future__ import annotations

from django import template

from tideover.kit.amounts import show_amount
from tideover.kit.money import Money

register = template.Library()


@register.simple_tag
def money(amount: Money) -> str:
    """With its currency."""
    return show_amount(amount.minor, amount.currency, "en")
