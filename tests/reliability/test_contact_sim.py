"""Samples of the bars that `make prove` runs in full: no forbidden contact, an oracle that can see, every change of a clock."""

from tests.reliability import zone_sweep
from tests.reliability.contact_sim import history, run, run_faults


def test_a_sample_of_histories_has_no_contact_that_a_rule_forbids():
    found = run(full=False)

    assert found["passed"], found


def test_the_oracle_sees_when_the_guards_are_skipped():
    found = run_faults(full=False)

    assert found["passed"], found


def test_the_same_seed_gives_the_same_history():
    first, again = (history(7, people=60, days=2) for _ in range(2))

    assert first["contacts"]
    assert first["digest"] == again["digest"]


def test_nothing_leaves_outside_the_hours_around_a_change_of_the_clock():
    found = zone_sweep.run(full=False)

    assert found["passed"], found
