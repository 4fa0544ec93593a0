"""Counting in little memory."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tideover.repayment.statements.counting import Counts


@given(
    st.lists(
        st.integers(0, 2**60 - 1) | st.integers(0, 5) | st.sampled_from([2**20, 2**21, 2**22]), max_size=80
    )
)
def test_it_counts_as_a_counter_does(signs):
    counts, seen = Counts(2), Counter()

    for it in signs:
        assert counts.add(it) == seen[it]
        seen[it] += 1
