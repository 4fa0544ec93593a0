"""A sample of the bar that `make prove` runs in full: random money with crashes, and one history in many orders."""

from tests.reliability.ledger_sim import run


def test_after_every_step_all_adds_up_and_every_order_of_a_history_ends_the_same():
    found = run(full=False)

    assert found["passed"], found
    assert found["operations"]["steps"] == 300
    assert found["orders"]["final_states"] == 1
    assert found["hands"]["new"] == 1
