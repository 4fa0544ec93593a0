"""Numbers for Prometheus, read from the database when they are asked for. They name nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tideover.delivery.models import MOVES
from tideover.delivery.queries import Standing, standing
from tideover.strategy.day import last_run_ended
from tideover.strategy.failing import failing
from tideover.strategy.telling import words

LEFT = ("accepted", "rejected", "unknown")
LONG = "words_missing"
"""Stands for sentences: a label is a code."""


class Outbox(Collector):
    """The outbox and the last run, as of a moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        now = standing(self.at)
        yield from self._messages(now)
        age = GaugeMetricFamily(
            "tideover_last_run_age_seconds", "Since the last run over the whole book ended."
        )
        ended = last_run_ended()
        if ended is not None:
            age.add_metric([], (self.at - ended).total_seconds())
        yield age
        stuck = GaugeMetricFamily(
            "tideover_step_failing",
            "Steps of a worker that fail, while the others go on; an alarm.",
            labels=["step"],
        )
        for step in failing(at=self.at):
            stuck.add_metric([step], 1)
        yield stuck

    def _messages(self, now: Standing) -> Iterator[Metric]:
        waits = GaugeMetricFamily(
            "tideover_backlog_age_seconds",
            "How long the oldest message that is due waits.",
            labels=["channel"],
        )
        for channel in words().lists.channels:
            due = now.oldest_due.get(channel)
            waits.add_metric([channel], (self.at - due).total_seconds() if due else 0)
        yield waits
        states = GaugeMetricFamily("tideover_messages", "Messages by state.", labels=["state"])
        for state in sorted(MOVES):
            states.add_metric([state], now.by_state.get(state, 0))
        yield states
        stopped = GaugeMetricFamily(
            "tideover_suppressed", "Messages that did not leave, by why.", labels=["because"]
        )
        for because, many in _coded(now.suppressed).items():
            stopped.add_metric([because], many)
        yield stopped
        put_off = GaugeMetricFamily(
            "tideover_put_off", "Messages that wait, by why; guard_error is an alarm.", labels=["because"]
        )
        for because, many in _coded(now.waiting).items():
            put_off.add_metric([because], many)
        yield put_off
        left = sum(now.by_state.get(state, 0) for state in LEFT)
        share = now.by_state.get("unknown", 0) / left if left else 0
        yield GaugeMetricFamily(
            "tideover_unknown_share", "Attempts whose reply was lost, of all that left.", value=share
        )


def _coded(by_because: Mapping[str, int]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for because, many in by_because.items():
        code = because if because and because.replace("_", "").replace("-", "").isalnum() else LONG
        counted[code] = counted.get(code, 0) + many
    return counted
