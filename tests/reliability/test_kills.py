"""A sample of the bar that `make prove` runs in full: workers killed while they send."""

from tests.reliability.kills import run


def test_after_some_kills_every_message_has_one_fate_and_none_was_sent_twice():
    found = run(full=False)

    assert found["passed"], found
