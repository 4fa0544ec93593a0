"""A sample of the bar that `make prove` runs in full: the API under many hands."""

from tests.reliability.api import run


def test_one_key_has_one_effect_and_odd_requests_find_no_error_of_ours():
    found = run(full=False)

    assert found["once"]["effects"] == found["once"]["different_answers"] == 1
    assert found["odd"]["failed"] == {}
    assert found["passed"]
