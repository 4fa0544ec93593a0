"""Why a day cannot be written down, in words a person can hear."""

from __future__ import annotations

from tideover.kit.errors import Refused


class NotHers(Refused):
    """The loan is nobody's, or somebody else's."""


class NotOffered(Refused):
    """No day is asked for: the claim is too old, something protects her, or nothing is open."""


class DayPast(Refused):
    """The chosen day lies before today."""


class PromiseTooFar(Refused):
    """The chosen day lies beyond what this product allows."""


class TooOften(Refused):
    """Several days went by already; something that fits better is looked for."""


class NotAnAmount(Refused):
    """More than nothing, and no more than is still to be paid."""


class NothingToEnd(Refused):
    """There is no promise that could be ended or undone."""
