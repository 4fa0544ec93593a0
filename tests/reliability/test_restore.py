"""A sample of the bar that `make prove` runs in full: a backup put in place of the database."""

from tests.reliability.restore import run


def test_what_left_since_the_backup_is_not_sent_again_and_nothing_leaves_before_two_people_agree():
    found = run(full=False)

    assert found["passed"], found
