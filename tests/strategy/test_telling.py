"""What may not be told is replaced by what is true and neutral, wherever it stands."""

from tideover.strategy.telling import open_codes


def test_a_restricted_code_is_replaced_and_its_channel_with_it():
    told = open_codes("late_for_days,hold_abuse,hold_minor@sms,no_address@call")

    assert told[0] == "late_for_days"
    assert told[3] == "no_address@call"
    assert not any("abuse" in it or "minor" in it for it in told)
