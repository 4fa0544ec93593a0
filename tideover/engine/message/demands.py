"""What the rules demand of a message: blocks of words it must carry, and whether it may hold a link."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.engine.policy.rules import CellRow


def required_words(cell: CellRow) -> tuple[str, ...]:
    """The codes of the blocks that a message of this purpose, in this place and channel, must carry."""
    return tuple(code for code in cell["words"].split(",") if code)


def links_allowed(links: Mapping[str, str], cell: CellRow, *, on_request: bool) -> Mapping[str, str]:
    """The links that may be sent; none where a rule allows them only on request, and nobody asked."""
    return links if on_request or cell["request_by"] is None else {}
