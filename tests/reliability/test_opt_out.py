"""A sample of the bar that `make prove` runs in full: stops against a full outbox, with workers at work."""

from tests.reliability.opt_out import run


def test_soon_after_a_stop_was_answered_nothing_of_its_scope_leaves():
    found = run(full=False)

    assert found["passed"], found
    assert found["stops"] == 2
