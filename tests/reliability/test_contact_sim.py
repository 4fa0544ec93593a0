"""Samples of the bars that `make prove` runs in full: no forbidden contact, an oracle that can see, every change of a clock."""

from tests.reliability import zone_sweep
from tests.reliability.contact_sim import run, run_faults


def test_a_sample_of_histories_has_no_contact_that_a_rule_forbids_and_replays_the_same():
    found, again = run(full=False), run(full=False)

    assert found["passed"], found
    assert found["digests"] == again["digests"]


def test_the_oracle_sees_when_the_guards_are_skipped():
    found = run_faults(full=False)

    assert found["passed"], found


def test_nothing_leaves_outside_the_hours_around_a_change_of_the_clock():
    found = zone_sweep.run(full=False)

    assert found["passed"], found
