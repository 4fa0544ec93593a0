"""What every way to pay promises: it says what is to be done, and never that money came which did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from tideover.kit.errors import Refused
from tideover.kit.money import LARGEST, Money

HeardKind = Literal["on_its_way", "paid", "failed", "refunded", "charged_back", "charge_back_won"]

WhyNot = Literal["small", "large", "odd"]


class NotConnected(Refused):
    """A way lacks a setting, or one of its settings cannot be read."""


class Forged(Refused):
    """What was posted is not surely the provider's own: no signature, a wrong one, an old one, or another lender's."""


class DoesNotAnswer(Refused):
    """The provider cannot be reached now, or says no. Nothing was begun."""


@dataclass(frozen=True)
class Ask:
    """One payment that somebody is about to make. It names neither person nor loan."""

    code: str
    amount: Money
    reference: str
    """What the money is to carry: RF..., or this payment's own code where somebody else pays."""
    back_to: str
    """Where a provider sends the browser afterwards."""
    language: str = "en"
    number: int = 0
    """The loan's short number, for ways that carry digits alone."""
    year: int = 0
    period: int = 0
    """Year and month in the calendar of the country, where a way writes them."""


@dataclass(frozen=True)
class Amounts:
    """What a way carries, in minor units: so much at least and at most, in whole ones of so many."""

    least: int = 1
    most: int = LARGEST
    whole: int = 1

    def why_not(self, minor: int) -> WhyNot | None:
        """Why it cannot carry an amount; None where it can."""
        if minor < self.least:
            return "small"
        if minor > self.most:
            return "large"
        return "odd" if minor % self.whole else None


@dataclass(frozen=True)
class Line:
    """Something to copy: `key` names its words, `value` is exactly what to type, `shown` how it reads best."""

    key: str
    value: str
    shown: str = ""


@dataclass(frozen=True)
class Redirect:
    """The provider's own page, where the payment is made; no card number is ever typed here."""

    address: str
    provider_ref: str


@dataclass(frozen=True)
class Shown:
    """A code to scan, an app to open, lines to copy; each may be missing."""

    qr: str = ""
    opens: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Told:
    """A place to go to: what to say there."""

    lines: tuple[Line, ...] = ()


Begun = Redirect | Shown | Told


@dataclass(frozen=True)
class Heard:
    """One thing that a provider tells. `about` is the code of a payment, `ref` the provider's own name of it."""

    event_id: str
    kind: HeardKind
    amount: Money | None
    happened_at: datetime
    about: str = ""
    ref: str = ""
    reference: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


class Way(Protocol):
    """One way to pay."""

    @property
    def code(self) -> str: ...

    @property
    def countries(self) -> frozenset[str]:
        """Where it is known; empty for everywhere."""
        ...

    @property
    def currencies(self) -> frozenset[str]:
        """What it carries; empty for every currency."""
        ...

    @property
    def amounts(self) -> Amounts:
        """What it carries of one currency."""
        ...

    def begin(self, ask: Ask) -> Begun:
        """What is to be done now. Opens no database. Raises DoesNotAnswer."""
        ...

    def hear(self, body: bytes, headers: Mapping[str, str], at: datetime) -> Sequence[Heard]:
        """What a provider posted. Raises Forged, and for a way that hears nothing always."""
        ...


class HearsNothing:
    """A way whose money is found on statements and in files alone."""

    def hear(self, body: bytes, headers: Mapping[str, str], at: datetime) -> Sequence[Heard]:
        del body, headers, at
        raise Forged("Nobody posts anything about this way to pay.")
