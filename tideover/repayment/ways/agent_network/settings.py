"""The lender's numbers at networks of agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.environment import currencies_in, needed

NETWORKS, CURRENCIES = "TIDEOVER_PAY_AGENT_NETWORKS", "TIDEOVER_PAY_AGENT_CURRENCIES"


@dataclass(frozen=True)
class AgentSettings:
    """Networks with the number of the lender there."""

    networks: tuple[tuple[str, str], ...]
    currencies: frozenset[str]


def read_settings(environ: Mapping[str, str]) -> AgentSettings:
    """Raises NotConnected."""
    given = needed(environ, NETWORKS, "networks with your number there, as Kiosk=12345;Shop=678")
    pairs = [tuple(map(str.strip, it.split("=", 1))) for it in given.split(";") if it.strip()]
    if any(len(it) != 2 or not all(it) for it in pairs):
        raise NotConnected(f"{NETWORKS} is not a list of network=number, separated by semicolons.")
    return AgentSettings(tuple((it[0], it[1]) for it in pairs), currencies_in(environ, CURRENCIES, ""))
