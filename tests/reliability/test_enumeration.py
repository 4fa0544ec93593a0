"""A sample of the bar that `make prove` runs in full: the door does not tell whether a number is known."""

import random

from tests.reliability.enumeration import run, same_chance


def test_known_and_unknown_numbers_are_answered_alike():
    found = run(full=False)

    assert found["answers"] == 1, found


def test_the_measure_sees_times_that_differ():
    chance = random.Random(1)
    alike = [chance.gauss(10, 1) for _ in range(2_000)], [chance.gauss(10, 1) for _ in range(2_000)]
    apart = alike[0], [it + 0.3 for it in alike[1]]

    assert same_chance(*alike) > 0.01
    assert same_chance(*apart) < 0.01
