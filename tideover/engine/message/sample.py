"""What a message would read like, to nobody in particular: looked at before it is sent to many."""

from __future__ import annotations

from tideover.engine.message._samples import HEAD, sample_told
from tideover.engine.message.compose import About, compose
from tideover.engine.message.composed import Message
from tideover.engine.message.sender import Sender
from tideover.engine.message.telling import Given
from tideover.engine.message.templates import Templates


def sample(
    purpose: str, language: str, *, channel: str, sender: Sender, templates: Templates, given: Given
) -> Message:
    """The words of a purpose with made-up amounts and days of a loan, beside the values that are given."""
    return compose(
        sample_told(language, purpose), channel=channel, sender=sender, code=HEAD.code, links={}, templates=templates,
        about=About(values=given), language=language,
    )  # fmt: skip
