"""Cash at an agent of a network: a shop round the corner."""

from tideover.repayment.ways.agent_network.transport import open_way

__all__ = ["open_way"]
