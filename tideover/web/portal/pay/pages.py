"""What the page of a way shows, for her and for somebody who pays for her."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.kit.money import Money
from tideover.repayment.ways.contract import Begun, Redirect, Shown, Way, WhyNot
from tideover.repayment.ways.models import Intent
from tideover.repayment.ways.register import Carrying

BEHIND_SIGN_IN = frozenset({"card"})
AT_ONCE = frozenset({"upi", "vietqr", "banglaqr", "bill_id"})
IN_PERSON = frozenset({"branch", "agent_network"})


def ways_shown(ways: tuple[Way, ...], last: str = "") -> list[Mapping[str, object]]:
    """Ways as buttons: their words' keys, and whether she took it last time. An installed package brings no words of ours."""
    return [
        {
            "code": it.code,
            "name": f"pay.ways.{it.code}.name",
            "about": f"pay.ways.{it.code}.about",
            "is_last": it.code == last,
        }
        for it in ways
    ]


def why_not(found: Carrying, amount: Money) -> list[Mapping[str, object]]:
    """Where no way carries an amount, each with why not; nothing where one does."""
    if found.ways:
        return []
    return [
        {"name": f"pay.ways.{it.code}.name", "why": f"pay.carries.{why}", "than": Money(_bound(it, why), amount.currency)}
        for it, why in found.others
    ]  # fmt: skip


def _bound(way: Way, why: WhyNot) -> int:
    return {"small": way.amounts.least, "large": way.amounts.most, "odd": way.amounts.whole}[why]


def way_page(intent: Intent, begun: Begun | None) -> Mapping[str, object]:
    """The code, the button, the lines, and what happens next."""
    lines = () if begun is None or isinstance(begun, Redirect) else begun.lines
    return {
        "intent": intent,
        "amount": intent.money,
        "qr": begun.qr if isinstance(begun, Shown) else "",
        "opens": begun.opens if isinstance(begun, Shown) else "",
        "page": begun.address if isinstance(begun, Redirect) else "",
        "is_away": begun is None,
        "lines": [{"label": f"pay.line.{it.key}", "key": it.key, "value": it.value, "shown": it.shown or it.value} for it in lines],
        "after": f"pay.after.{_after(intent.way)}",
        "says_paid": not isinstance(begun, Redirect) and begun is not None,
    }  # fmt: skip


def _after(way: str) -> str:
    if way in AT_ONCE:
        return "at_once"
    if way in IN_PERSON:
        return "in_person"
    return "card" if way == "card" else "transfer"
