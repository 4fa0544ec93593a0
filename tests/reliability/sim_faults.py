"""Faults put into the product on purpose: each must turn a history red, or the oracle sees nothing.

Each is one small mistake that somebody could make, put in by replacing one function while a history runs in its own process.
"""

import dataclasses
from collections.abc import Callable
from unittest.mock import patch

import polars as pl


def _start(patcher) -> None:
    patcher.start()


def _put(where: str, what: object) -> None:
    _start(patch(where, what))


def _changed(where: str, change: Callable) -> None:
    """Replace a function by one made of it."""
    module, _, name = where.rpartition(".")
    was = getattr(__import__(module, fromlist=[name]), name)
    _put(where, change(was))


def _read_as(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[], None]:
    """Every row that the product reads from its database is read with a mistake."""

    def put() -> None:
        for module in ("tideover.book.queries", "tideover.book.fetching"):
            _changed(f"{module}.framed", lambda was: lambda rows, schema: change(was(rows, schema)))

    return put


def _without(table_has: str) -> Callable[[], None]:
    """A table, known by one of its columns, is read as empty."""
    return _read_as(lambda rows: rows.clear() if table_has in rows.columns else rows)


def _column(name: str, value: pl.Expr, *, beside: str = "recorded_at") -> Callable[[], None]:
    return _read_as(
        lambda rows: (
            rows.with_columns(value.alias(name)) if name in rows.columns and beside in rows.columns else rows
        )
    )


def _guard_skipped() -> None:
    def change(was):
        return lambda *given, **named: dataclasses.replace(
            was(*given, **named), may_leave=True, later=None, because=""
        )

    _changed("tideover.delivery.guards._verdict", change)


def _guard_reads_yesterday() -> None:
    from datetime import timedelta

    _changed(
        "tideover.delivery.guards.known_at",
        lambda was: lambda versions, at: was(versions, at - timedelta(days=1)),
    )


def _cap_of_two() -> None:
    _changed_caps(lambda cap: {**cap, "n": cap["n"] + 1})


def _changed_caps(change: Callable[[dict], dict]) -> None:
    from tideover.engine.decision.limits import Caps

    was = Caps.of
    _put("tideover.engine.decision.limits.Caps.of", staticmethod(
        lambda rules, backend: was(dataclasses.replace(rules, caps=[change(cap) for cap in rules.caps]), backend)
    ))  # fmt: skip


def _unknown_does_not_count() -> None:
    def change(was):
        return lambda messages, state, *, at: was(
            messages, "rejected" if state == "unknown" else state, at=at
        )

    _changed("tideover.delivery.outbox.note", change)


def _unknown_is_sent_again() -> None:
    def change(was):
        def settle_all(ended, *, at):
            for it in ended:
                it.message.resend = True
            return was(ended, at=at)

        return settle_all

    _changed("tideover.delivery.outbox.settle_all", change)


def _facts_not_looked_at() -> None:
    from tideover.book.models import Person

    def change(was):
        def begin(leaving, *, at):
            people = Person.objects.in_bulk([it.person_id for it in leaving])
            return was({it: people[it.person_id].facts_version for it in leaving}, at=at)

        return begin

    _changed("tideover.delivery.outbox.begin", change)
    _put("tideover.delivery.last_look.LastLook._may_still", lambda look: True)


def _nothing_is_heard(kind: str) -> Callable[[], None]:
    def put() -> None:
        from tideover.delivery.answers import EFFECTS

        _start(patch.dict(EFFECTS, {kind: lambda heard: None}))

    return put


def _no_holidays() -> None:
    _put("tideover.engine.decision.calendar.holidays_of", lambda *given, **named: frozenset())


def _hours_of_the_server() -> None:
    _column("timezone", pl.lit("UTC"))()


def _forgotten(what: pl.Expr) -> Callable[[], None]:
    """Some of what was decided is not handed on."""

    def change(was):
        return lambda run, frames: was(run, {**frames, "decisions": frames["decisions"].filter(~what)})

    return lambda: _changed("tideover.strategy.runs.keep_decisions", change)


_duties_forgotten = _forgotten(pl.col("policy") == "duties")
_every_other_forgotten = _forgotten(pl.col("purpose").is_in(["options_offer", "plan_offer", "firm_notice"]))


def _debt_on_the_cover() -> None:
    from tideover.delivery.ready import Ready

    was = Ready.outgoing.fget

    def outgoing(it):
        made = was(it)
        return dataclasses.replace(made, subject=f"{made.subject} your overdue loan")

    _put("tideover.delivery.ready.Ready.outgoing", property(outgoing))


def _address_of_another() -> None:
    def change(was):
        def addresses_of(messages, guarded):
            found = was(messages, guarded)
            return dict(zip(found, [*list(found.values())[1:], *list(found.values())[:1]], strict=True))

        return addresses_of

    _changed("tideover.delivery.sending.addresses_of", change)


def _hours_not_looked_at_again() -> None:
    _put("tideover.delivery.group_commit._quarter", lambda at: 0)


FAULTS: dict[str, Callable[[], None]] = {
    "the guards are skipped": _guard_skipped,
    "the guards read yesterday's facts": _guard_reads_yesterday,
    "nobody looks whether facts changed": _facts_not_looked_at,
    "a verdict outlives its hour": _hours_not_looked_at_again,
    "hours are the server's": _hours_of_the_server,
    "other places are not obeyed": _read_as(
        lambda rows: rows.clear() if "source" in rows.columns and "region" in rows.columns else rows
    ),
    "holidays are workdays": _no_holidays,
    "a cap is one too high": _cap_of_two,
    "a lost reply does not count": _unknown_does_not_count,
    "what may have arrived is sent again": _unknown_is_sent_again,
    "a shared number is not counted": lambda: _put(
        "tideover.delivery.group_commit.shared_numbers", lambda addresses: {}
    ),
    "stop is not heard": _nothing_is_heard("stop"),
    "a death is not heard": _nothing_is_heard("death"),
    "a wrong number is not heard": _nothing_is_heard("not_me"),
    "refusals are not read": _column("withdrawn_at", pl.lit(None, pl.Int64)),
    "holds are not read": _without("hold_id"),
    "one hold is not read": _read_as(
        lambda rows: rows.filter(pl.col("kind") != "represented") if "hold_id" in rows.columns else rows
    ),
    "wishes are not read": _read_as(
        lambda rows: rows.clear() if {"name", "value", "set_at"} <= set(rows.columns) else rows
    ),
    "talks are not read": _without("conversation_id"),
    "dead addresses are used": _column("state", pl.lit("ok"), beside="contact_point_id"),
    "every address stands in the contract": _column("in_contract", pl.lit(True)),
    "a stale feed is fresh": _column("fresh_until", pl.lit(4_000_000_000, pl.Int64)),
    "anybody is a party": _column("role", pl.lit("co_borrower")),
    "duties are forgotten": _duties_forgotten,
    "some needs are forgotten": _every_other_forgotten,
    "the cover tells of the debt": _debt_on_the_cover,
    "the address is somebody else's": _address_of_another,
    "a clock put back forgets": lambda: _put(
        "tideover.delivery.guards.known_later", lambda versions, people, at: set()
    ),
}
"""By what is wrong."""
