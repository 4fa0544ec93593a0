"""A sample of the bar that `make prove` runs in full: workers killed while they send."""

from tests.reliability.kills import kill_workers


def test_after_some_kills_every_message_has_one_fate_and_none_was_sent_twice():
    found = kill_workers(kills=4, people=150, seed=7)

    assert found["without_a_fate"] == 0
    assert found["sent_twice"] == 0
    assert found["states"].get("accepted", 0) > 0
