"""What a member of staff may do, asked from a template: {% if request.user|may:"see_reports" %}."""

from __future__ import annotations

from django import template

from tideover.access import allowed
from tideover.access.roles import Power

register = template.Library()


@register.filter
def may(user: object, power: str) -> bool:
    """Whether this person holds a power; a page shows no way that ends at a closed door."""
    return allowed.may(user, Power(power))
