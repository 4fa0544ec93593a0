"""The nearest known name, for refusals that help."""

from hypothesis import given
from hypothesis import strategies as st

from tideover.kit.nearest import did_you_mean, nearest

PURPOSES = ["first_slip", "promise_kept", "payment_received"]


def test_a_mistyped_name_finds_its_neighbour():
    assert nearest("frist_slip", PURPOSES) == "first_slip"
    assert did_you_mean("Promise_Kept", PURPOSES) == " Did you mean 'promise_kept'?"


def test_a_wild_guess_is_worse_than_none():
    assert nearest("zebra", PURPOSES) is None
    assert did_you_mean("zebra", PURPOSES) == ""
    assert did_you_mean("anything", []) == ""


@given(st.sampled_from(PURPOSES), st.permutations(PURPOSES))
def test_a_known_name_is_its_own_neighbour_in_any_order(name, known):
    assert nearest(name, known) == name


@given(st.permutations(["Help", "help", "HELP!"]))
def test_names_that_differ_in_case_only_keep_one_answer(known):
    assert nearest("help", known) == "help"
    assert nearest("hELP", known) == "Help"
