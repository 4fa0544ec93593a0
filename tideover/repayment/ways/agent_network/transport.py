"""What to say at the agent: the network, the lender's number there, the reference."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.repayment.ways.agent_network.settings import AgentSettings, read_settings
from tideover.repayment.ways.contract import Amounts, Ask, Line, Told
from tideover.repayment.ways.gateway import HearsGateway
from tideover.repayment.ways.references import in_groups


class AgentNetwork(HearsGateway):
    """Cash at an agent; told by the network's gateway, or by its file of the day."""

    code = "agent_network"
    countries: frozenset[str] = frozenset()
    amounts = Amounts()

    def __init__(self, settings: AgentSettings, environ: Mapping[str, str]) -> None:
        self._settings, self.environ = settings, environ
        self.currencies = settings.currencies

    def begin(self, ask: Ask) -> Told:
        networks = [Line("network", number, f"{name}: {number}") for name, number in self._settings.networks]
        return Told(
            (
                *networks,
                Line("amount", str(ask.amount.decimal)),
                Line("reference", ask.reference, in_groups(ask.reference)),
            )
        )


def open_way(environ: Mapping[str, str]) -> AgentNetwork:
    """Raises NotConnected."""
    return AgentNetwork(read_settings(environ), environ)
