"""Whatever a key holds, it is one part of a path and comes back as it was."""

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from tideover.kit.paths import from_path, in_path, quoted_in_path

KEYS = st.text(
    st.one_of(st.sampled_from("./%25fFeE?# "), st.characters(exclude_categories=["Cs"])), min_size=1
)


@given(KEYS)
def test_a_key_comes_back_and_is_never_a_step_in_the_path(key):
    assert from_path(in_path(key)) == key
    assert "/" not in in_path(key)
    assert in_path(key) not in (".", "..")


@given(KEYS)
def test_a_link_says_the_key_once_it_was_undone_by_a_server(key):
    assert from_path(unquote(quoted_in_path(key))) == key


def test_a_usual_key_stands_there_as_it_is():
    assert quoted_in_path("asha-loan.1") == "asha-loan.1"


def test_nothing_else_is_undone():
    assert from_path("a%00b%2Fc") == "a%00b/c"
