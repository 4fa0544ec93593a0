"""Which ways to pay there are, which of them are connected, and which somebody is shown first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from tideover.kit.money import Money
from tideover.repayment.loans import Loan
from tideover.repayment.ways.contract import NotConnected, Way, WhyNot

GROUP = "tideover.ways"
OURS = (
    "transfer", "upi", "vietqr", "banglaqr", "card", "bill_id", "agent_network", "branch",
)  # fmt: skip
"""In the order in which they are shown where nothing else speaks for one."""

Opening = Callable[[Mapping[str, str]], Way]


def way_names() -> list[str]:
    """Every way that could be opened: ours, and those of installed packages."""
    return [*OURS, *sorted(set(_installed()) - set(OURS))]


def open_way(name: str, environ: Mapping[str, str] | None = None) -> Way:
    """The way of that name. An installed package of the same name takes the place of ours. Raises NotConnected."""
    found = _installed().get(name)
    if found is None and name not in OURS:
        raise NotConnected(f"There is no way to pay '{name}'. There are: {', '.join(way_names())}.")
    opening: Opening = found.load() if found else import_module(f"{__package__}.{name}").open_way
    return opening(os.environ if environ is None else environ)


def open_ways(environ: Mapping[str, str] | None = None) -> tuple[Way, ...]:
    """Every way that is connected."""
    found = []
    for name in way_names():
        try:
            found.append(open_way(name, environ))
        except NotConnected:
            continue
    return tuple(found)


def ways_for(
    loan: Loan, country: str, *, last: str = "", environ: Mapping[str, str] | None = None
) -> tuple[Way, ...]:
    """Those that carry the loan's currency and are known in the country: the one used last first, then the local ones."""
    return ways_in(loan.currency, country, last=last, environ=environ)


def ways_in(
    currency: str, country: str, *, last: str = "", environ: Mapping[str, str] | None = None
) -> tuple[Way, ...]:
    """The same by currency alone, for somebody who sees no loan."""
    fitting = [
        it
        for it in open_ways(environ)
        if (not it.currencies or currency in it.currencies)
        and (not it.countries or not country or country in it.countries)
    ]
    return tuple(sorted(fitting, key=lambda it: (it.code != last, country not in it.countries)))


@dataclass(frozen=True)
class Carrying:
    """Ways by whether they carry an amount: those that do, and each of the others with why not."""

    ways: tuple[Way, ...]
    others: tuple[tuple[Way, WhyNot], ...]


def carrying(ways: Iterable[Way], amount: Money) -> Carrying:
    """Which of these ways carry an amount."""
    told = [(it, it.amounts.why_not(amount.minor)) for it in ways]
    return Carrying(
        tuple(it for it, why in told if why is None), tuple((it, why) for it, why in told if why is not None)
    )


def _installed() -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        if entry.name in found:
            raise NotConnected(f"Two installed packages offer the way '{entry.name}'. Keep one of them.")
        found[entry.name] = entry
    return found
