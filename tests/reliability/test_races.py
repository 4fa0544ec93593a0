"""A sample of the bar that `make prove` runs in full: facts committed while a relay is held at its door."""

from tests.reliability.races import run


def test_what_was_committed_before_the_words_left_stops_them():
    found = run(full=False)

    assert found["passed"], found
    assert found["races"] == 60
