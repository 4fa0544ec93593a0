"""Estimates from a log whose truth is known: right on the whole, and as sure of it as they say."""

import numpy as np
import pytest

from tideover.engine.measure import Log, LogUnusable, estimate, ips, snips

CELLS = 4


def world(rng, rows):
    """Contexts of three kinds, each with its own chance of an answer by cell; the log prefers cell 0, the target cell 3."""
    kinds = rng.integers(0, 3, rows)
    reward = np.array([[0.05, 0.10, 0.20, 0.30], [0.20, 0.15, 0.10, 0.05], [0.10, 0.10, 0.10, 0.40]])[kinds]
    logging = np.array([[0.55, 0.20, 0.15, 0.10], [0.40, 0.30, 0.20, 0.10], [0.25, 0.25, 0.25, 0.25]])[kinds]
    target = np.array([[0.10, 0.10, 0.20, 0.60], [0.30, 0.30, 0.20, 0.20], [0.05, 0.05, 0.20, 0.70]])[kinds]
    return reward, logging, target


TRUTH = np.mean(
    [
        0.10 * 0.05 + 0.10 * 0.10 + 0.20 * 0.20 + 0.60 * 0.30,
        0.30 * 0.20 + 0.30 * 0.15 + 0.20 * 0.10 + 0.20 * 0.05,
        0.05 * 0.10 + 0.05 * 0.10 + 0.20 * 0.10 + 0.70 * 0.40,
    ]
)


def drawn(seed, rows):
    rng = np.random.default_rng(seed)
    reward, logging, target = world(rng, rows)
    chosen = (rng.random(rows)[:, None] > logging.cumsum(axis=1)).sum(axis=1)
    picked = np.arange(rows)
    answered = (rng.random(rows) < reward[picked, chosen]).astype(float)
    return Log(chosen, logging[picked, chosen], answered), target


@pytest.mark.parametrize("method", [ips, snips])
def test_of_a_hundred_intervals_about_ninety_five_hold_the_truth(method):
    found = [method(*drawn(seed, 1_500)).estimate for seed in range(600)]

    held = np.mean([it.low <= TRUTH <= it.high for it in found])
    assert 0.93 <= held <= 0.97


@pytest.mark.parametrize("method", [ips, snips])
def test_the_middle_of_many_estimates_is_the_truth(method):
    values = [method(*drawn(seed, 1_500)).estimate.value for seed in range(600)]

    assert np.mean(values) == pytest.approx(TRUTH, abs=3 * np.std(values) / np.sqrt(600))


def test_the_log_itself_is_estimated_by_its_own_mean():
    log, _ = drawn(1, 500)
    same = np.zeros((500, CELLS))
    same[np.arange(500), log.chosen] = log.chance
    same[np.arange(500), (log.chosen + 1) % CELLS] = 1 - log.chance

    assert ips(log, same).estimate.value == pytest.approx(log.reward.mean())
    assert snips(log, same).effective_rows == pytest.approx(500)


def test_both_forms_are_the_sums_that_define_them():
    log = Log(np.array([0, 1, 1]), np.array([0.5, 0.25, 0.5]), np.array([1.0, 0.0, 1.0]))
    target = np.array([[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]])
    weights = np.array([1.0, 2.0, 2.0])

    assert ips(log, target).estimate.value == pytest.approx((weights * log.reward).sum() / 3)
    assert snips(log, target).estimate.value == pytest.approx((weights * log.reward).sum() / weights.sum())
    assert estimate(log, target) == snips(log, target)
    assert ips(log, target).effective_rows == pytest.approx(25 / 9)


def test_propensities_as_decisions_log_them_are_per_ten_thousand():
    log = Log.of(np.array([0]), np.array([2_500]), np.array([1.0]))

    assert log.chance.tolist() == [0.25]


@pytest.mark.parametrize(
    ("chosen", "chance", "reward", "says"),
    [
        ([0, 1], [0.5], [1.0, 0.0], "different lengths"),
        ([], [], [], "empty"),
        ([0], [0.0], [1.0], "above 0"),
        ([0], [1.2], [1.0], "above 0"),
    ],
)
def test_a_log_that_cannot_have_been_drawn_so_is_refused(chosen, chance, reward, says):
    with pytest.raises(LogUnusable, match=says):
        Log(np.array(chosen, dtype=np.int64), np.array(chance), np.array(reward))


@pytest.mark.parametrize(
    "target", [np.array([[0.5, 0.4]]), np.array([[1.5, -0.5]]), np.array([0.5]), np.ones((2, 1))]
)
def test_a_target_that_is_no_way_of_choosing_is_refused(target):
    with pytest.raises(LogUnusable):
        ips(Log(np.array([0]), np.array([0.5]), np.array([1.0])), target)


def test_where_the_target_never_does_what_the_log_did_nothing_can_be_said():
    with pytest.raises(LogUnusable, match="says nothing about it"):
        snips(Log(np.array([0]), np.array([0.5]), np.array([1.0])), np.array([[0.0, 1.0]]))
