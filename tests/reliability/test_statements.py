"""A sample of the bar that `make prove` runs in full: random accounts told by their banks, held against the truth."""

from tests.reliability.own_process import in_own_process
from tests.reliability.statements_sim import run


def test_what_was_kept_is_what_was_true_whatever_the_bank_did():
    found = run(full=False)

    assert found["passed"], found


def test_a_large_file_is_read_without_holding_it():
    found = in_own_process("tests.reliability.statements_stream", 5_000)

    assert found["passed"], found
