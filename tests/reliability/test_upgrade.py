"""A sample of the bar that `make prove` runs in full: yesterday's database becomes today's, also when it is killed halfway."""

from tests.reliability.upgrade import run


def test_a_database_that_was_killed_while_it_migrated_is_whole_in_the_end():
    found = run(full=False)

    assert found["passed"], found
