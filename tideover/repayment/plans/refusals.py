"""Why something cannot be agreed, in words a person can hear."""

from __future__ import annotations

from tideover.kit.errors import Refused


class OptionChanged(Refused):
    """What was seen is no longer what it would be: a payment came, or a day went by."""


class NeedsAPerson(Refused):
    """Somebody with more leave must agree to this one."""


class NothingToUndo(Refused):
    """There is no plan that could be undone."""


class TooLateToUndo(Refused):
    """A plan is undone on its own day, and only while no payment has come since."""


class NotAnAnswer(Refused):
    """None of the reasons, or numbers that cannot be."""
