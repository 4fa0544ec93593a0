"""A sample of the bar that `make prove` runs in full: the database dies under working workers. The bar judges ten seconds."""

from tests.reliability.restarts import LONGEST, run


def test_workers_go_on_once_the_database_is_back_and_nothing_is_lost():
    found = run(full=False)

    assert found["nothing_lost"], found
    assert found["longest_seconds_until_the_next"] < LONGEST, found
