"""Rules as small tables: what one join tells a candidate about every channel, and when a cap lets go.

`RuleTables` come from policy.rules, already merged to the strictest for one day. Here they become frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from tideover.engine.arithmetic import first_of, holds, number, pick
from tideover.engine.decision.backend import Backend
from tideover.engine.insight.contacts import DAY
from tideover.engine.policy.rules._tables import BanWhen, RuleTables

CELL = ("jurisdiction", "kind", "purpose")
NO_KIND = "none"
OTHERWISE = "_default"


def closing_cells(rules: RuleTables, channels: Sequence[str], backend: Backend) -> nw.LazyFrame:
    """One row a (jurisdiction, kind, purpose): for each channel who bans it, what consent or contract address it needs."""
    wide: dict[tuple[str, ...], dict[str, object]] = {}
    for cell in rules.cells:
        row = wide.setdefault((cell["jurisdiction"], cell["kind"], cell["purpose"]), {})
        channel = cell["channel"]
        row[f"ban__{channel}"] = cell["banned_by"]
        row[f"needs__{channel}"] = cell["consent_by"]
        row[f"contract__{channel}"] = cell["contract_by"]
    texts = [f"{what}__{channel}" for channel in channels for what in ("ban", "needs", "contract")]
    return _wide_table(wide, dict.fromkeys(texts, nw.String), backend)


def timing_cells(rules: RuleTables, channels: Sequence[str], backend: Backend) -> nw.LazyFrame:
    """One row a (jurisdiction, kind, purpose): for each channel its window, and its rest after a talk in seconds."""
    wide: dict[tuple[str, ...], dict[str, object]] = {}
    for cell in rules.cells:
        key = (cell["jurisdiction"], cell["kind"], cell["purpose"])
        wide.setdefault(key, {})[f"window__{cell['channel']}"] = cell["window_id"]
    for rest in rules.cooldowns:
        row = wide.setdefault((rest["jurisdiction"], rest["kind"], rest["purpose"]), {})
        name = f"cool__{rest['channel']}"
        if rest["seconds"] > int(str(row.get(name) or 0)):
            row[name], row[f"cool_rule__{rest['channel']}"] = rest["seconds"], rest["rule_id"]
    types: dict[str, type[nw.dtypes.DType]] = {}
    for channel in channels:
        types |= {
            f"window__{channel}": nw.String,
            f"cool_rule__{channel}": nw.String,
            f"cool__{channel}": nw.Int64,
        }
    return _wide_table(wide, types, backend)


def _wide_table(
    wide: Mapping[tuple[str, ...], Mapping[str, object]],
    types: Mapping[str, type[nw.dtypes.DType]],
    backend: Backend,
) -> nw.LazyFrame:
    columns: dict[str, list[object]] = {name: [key[at] for key in wide] for at, name in enumerate(CELL)}
    columns |= {name: [row.get(name) for row in wide.values()] for name in types}
    return backend.table(columns, {**dict.fromkeys(CELL, nw.String), **types})


def places(rules: RuleTables, backend: Backend) -> nw.LazyFrame:
    """Country, or country and region, to jurisdiction."""
    return backend.table(
        {"place": list(rules.places), "jurisdiction": list(rules.places.values())},
        {"place": nw.String, "jurisdiction": nw.String},
    )


def ruled_place(place: nw.Expr, rules: RuleTables) -> nw.Expr:
    """The place itself where it has rules of its own (BR-SP), else its country (US-NY: US)."""
    return nw.when(place.is_in(list(rules.places))).then(place).otherwise(place.str.slice(0, 2))


@dataclass(frozen=True)
class Caps:
    """Caps as two tables: each cap, and the cells it counts and binds."""

    caps: nw.LazyFrame
    by_cell: nw.LazyFrame
    longest_seconds: int
    any_by_loan: bool

    @staticmethod
    def of(rules: RuleTables, backend: Backend) -> Caps:
        """From merged rules. An address-scoped cap counts by person here; delivery counts it by number when a message leaves."""
        caps = list(rules.caps)
        ids = [str(cap["cap_id"]) for cap in caps]
        table = backend.table(
            {
                "cap_id": ids,
                "n": [cap["n"] for cap in caps],
                "period": [cap["period_seconds"] for cap in caps],
                "by_loan": [int(cap["scope"] == "loan") for cap in caps],
            },
            {"cap_id": nw.String, "n": nw.Int64, "period": nw.Int64, "by_loan": nw.Int64},
        )
        names = (*CELL, "channel", "cap_id")
        by_cell = backend.table(
            {name: [dict(row)[name] for row in rules.caps_by_cell] for name in names},
            dict.fromkeys(names, nw.String),
        )
        longest = max((int(cap["period_seconds"]) for cap in caps), default=DAY)
        return Caps(table, by_cell, longest, any(cap["scope"] == "loan" for cap in caps))


def held_back(contacts: nw.LazyFrame, caps: Caps) -> nw.LazyFrame:
    """Per person, cap and (for caps by loan) subject: the moment from which the cap lets another contact through.

    `contacts` holds the counted contacts, one row a subject: person_id, contact_id, jurisdiction, kind, purpose, channel,
    subject, send_at. The cap holds until its period has passed since the n-th latest; only caps still holding are returned.
    """
    counted = contacts.join(caps.by_cell, on=[*CELL, "channel"], how="inner").join(
        caps.caps, on="cap_id", how="inner"
    )
    # Only contacts within the period can be the n-th latest that still holds, and only later ones are counted before it.
    counted = counted.filter(nw.col("send_at") > nw.col("at") - nw.col("period"))
    counted = counted.with_columns(
        nw.when(nw.col("by_loan") == 1).then(nw.col("subject")).otherwise(nw.lit("")).alias("scope"),
        (number(0) - nw.col("send_at")).alias("recency"),
    )
    counted = counted.group_by("person_id", "cap_id", "scope", "contact_id").agg(
        nw.col("recency").min(),
        nw.col("n").max(),
        nw.col("period").max(),
        nw.col("send_at").max(),
        nw.col("at").max(),
        nw.col("by_loan").max(),
    )
    place = (
        nw.col("contact_id")
        .cum_count()
        .over("person_id", "cap_id", "scope", order_by=["recency", "contact_id"])
    )
    nth = counted.with_columns(place.alias("place")).filter(nw.col("place") == nw.col("n"))
    nth = nth.with_columns((nw.col("send_at") + nw.col("period")).alias("free_at"))
    return nth.filter(nw.col("free_at") > nw.col("at")).select(
        "person_id", "cap_id", "by_loan", "scope", "free_at"
    )


def free_by_channel(
    candidates: nw.LazyFrame, held: nw.LazyFrame, caps: Caps, channels: Sequence[str]
) -> nw.LazyFrame:
    """Per person: for each channel the moment all its caps let go, and the cap that holds it longest."""
    bound = candidates.select("person_id", "subject", *CELL).join(held, on="person_id", how="inner")
    bound = bound.filter((nw.col("by_loan") == 0) | (nw.col("scope") == nw.col("subject")))
    bound = bound.join(caps.by_cell, on=[*CELL, "cap_id"], how="inner")
    bound = bound.with_columns(nw.col("free_at").max().over("person_id", "channel").alias("last_free_at"))
    columns = []
    for channel in channels:
        here = nw.col("channel") == channel
        columns += [
            pick(here, nw.col("free_at")).alias(f"free__{channel}"),
            pick(here & (nw.col("free_at") == nw.col("last_free_at")), nw.col("cap_id")).alias(
                f"cap__{channel}"
            ),
        ]
    wide = bound.select("person_id", *columns)
    return wide.group_by("person_id").agg(
        *(nw.col(f"free__{channel}").max() for channel in channels),
        *(nw.col(f"cap__{channel}").min() for channel in channels),
    )


def banned_on(channel: str, bans: Sequence[BanWhen]) -> nw.Expr:
    """The first conditional ban that applies to a candidate on this channel, from flags `ban_applies__i` on its row."""
    on_it = [(at, ban) for at, ban in enumerate(bans) if channel in ban.channels]
    return first_of(
        ((nw.col(applied(at)), nw.lit(ban.id)) for at, ban in on_it), nw.lit(None).cast(nw.String)
    )


def applied(at: int) -> str:
    """The column that says whether the i-th conditional ban applies."""
    return f"ban_applies__{at}"


def applies(ban: BanWhen, at: int) -> nw.Expr:
    """Does the i-th conditional ban hold for this candidate?"""
    conditions = [holds(nw.col(f"ban_when__{at}"))]
    for column, codes in (
        ("jurisdiction", ban.jurisdictions),
        ("kind", ban.kinds),
        ("purpose", ban.purposes),
    ):
        conditions.append(nw.col(column).is_in(list(codes)))
    return nw.all_horizontal(*conditions, ignore_nulls=False)
