"""Which release decides for whom: one answer, for a set of people, that everything that speaks to them asks.

A new release takes a share of the people. Who is in it follows from the person and the release alone, so that nobody
who is in at 1 % is out at 10 %. The rest stay with what was live before; where nothing was, they are left in peace.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from tideover.engine.decision.choice import lot, with_lots
from tideover.engine.decision.setup import Setup
from tideover.kit.ids import seed_of
from tideover.strategy.models import Release
from tideover.strategy.models.releases import DECIDING
from tideover.strategy.releases import NothingLive, setup_of

PARTS_A_PERCENT = 100


@dataclass(frozen=True)
class InForce:
    """What is live, and what takes a share of its people; either may be missing, not both."""

    live: Release | None
    ramping: Release | None

    @property
    def setups(self) -> list[Setup]:
        """What decides for anybody at all."""
        return [setup_of(it.hash) for it in (self.live, self.ramping) if it is not None]

    @property
    def main(self) -> Setup:
        """What decides for everybody outside a share; where nothing did before, what ramps."""
        return self.setups[0]


def in_force() -> InForce:
    """What decides now. Raises NothingLive."""
    found = {it.state: it for it in Release.objects.filter(state__in=DECIDING).defer("files")}
    if not found:
        raise NothingLive("No strategy is live. Publish one and let a second person approve it.")
    return InForce(found.get("live"), found.get("ramping"))


def in_force_or_asked_for() -> InForce:
    """What decides where nothing is sent, as in shadow: what is live; else the newest that waits to be agreed to. Raises NothingLive."""
    try:
        return in_force()
    except NothingLive:
        asked_for = (
            Release.objects.filter(state="waiting").order_by("-published_at", "hash").defer("files").first()
        )
        if asked_for is None:
            raise NothingLive(
                "No strategy is live, and none is asked for. Ask with `tideover publish`; to be looked at it need not be agreed to."
            ) from None
        return InForce(asked_for, None)


def hashes_in_force() -> frozenset[str]:
    """The releases that decide for anybody now; empty where nothing is live."""
    return frozenset(Release.objects.filter(state__in=DECIDING).values_list("pk", flat=True))


def in_share(people: nw.LazyFrame, release_hash: str, share: int) -> nw.LazyFrame:
    """Of people with their `seed` those that a release decides for, at a share in percent."""
    drawn = with_lots(people, release_hash, ("share",), by_day=False)
    return drawn.filter(lot("share") < share * PARTS_A_PERCENT).drop("lot__share")


def setups_for(people: Iterable[str]) -> list[tuple[Setup, frozenset[str]]]:
    """What decides, each with its people; whoever is in none of the sets is left in peace. Raises NothingLive."""
    asked, now = frozenset(people), in_force()
    if now.ramping is None:
        return [(setup, asked) for setup in now.setups]
    mine = _drawn(asked, now.ramping)
    parts = [(now.live, asked - mine), (now.ramping, mine)]
    return [(setup_of(release.hash), part) for release, part in parts if release is not None and part]


def setup_for(person: str) -> Setup:
    """What decides for one person. Raises NothingLive."""
    found = setups_for([person])
    if not found:
        raise NothingLive("No strategy that is live applies to this person, who is left in peace.")
    ((setup, _),) = found
    return setup


def _drawn(people: Collection[str], release: Release) -> frozenset[str]:
    known = sorted(people)
    rows = pl.LazyFrame(
        {"borrower_id": known, "seed": [seed_of(it) for it in known]},
        schema={"borrower_id": pl.String, "seed": pl.Int64},
    )
    drawn: pl.LazyFrame = in_share(nw.from_native(rows), release.hash, release.share).to_native()
    return frozenset(drawn.collect()["borrower_id"])
