"""A sample of the bar that `make prove` runs in full: the database dies under working workers. How soon is for the bar."""

from tests.reliability.restarts import run


def test_workers_go_on_once_the_database_is_back_and_nothing_is_lost():
    found = run(full=False)

    assert found["nothing_lost"], found
