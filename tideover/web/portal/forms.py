"""Forms of borrowers: what they type is kept, card numbers are covered, and nothing hidden comes along.

Django's own messages are in the staff's language; here each problem is a sentence of the page words, named by its key.
"""

from __future__ import annotations

from django import forms

from tideover.kit.cards import cover_cards
from tideover.kit.text import without_bidi_controls

MOST = 4_000


class Words(forms.CharField):
    """Anything a person writes: signs that turn or hide text are taken out, card numbers covered."""

    def __init__(self, *, most: int = MOST, required: bool = True, lines: int = 1) -> None:
        widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
        super().__init__(max_length=most, required=required, strip=True, widget=widget)

    def clean(self, value: object) -> str:
        return str(super().clean(cover_cards(without_bidi_controls(str(value or "")).replace("\x00", ""))))


def trouble(form: forms.Form) -> dict[str, str]:
    """What is wrong by field: the kind of problem, for which the page has a sentence."""
    return {name: str(found.as_data()[0].code or "invalid") for name, found in form.errors.items()}
