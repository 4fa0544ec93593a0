"""What cannot all be kept is said before it is published, at the rule that has to change."""

from datetime import date

from tests.engine.policy.rules.content_folder import Folder
from tideover.engine.policy.rules import check_freshness, check_rules
from tideover.kit.days import day_of

TODAY = day_of(date(2026, 11, 22))
SINCE = date(2020, 1, 1)


def found(folder: Folder, *overlays: Folder) -> str:
    return "\n".join(str(problem) for problem in check_rules(folder.read(*overlays), TODAY))


def test_hours_that_leave_nothing_open_are_reported_with_both_rules(folder: Folder) -> None:
    folder.rule("xx/mornings", "window", values={SINCE: {"every_day": "08:00-12:00"}})
    path = folder.rule("xx-north/evenings", "window", values={SINCE: {"every_day": "18:00-20:00"}})

    text = found(folder)

    assert f"{path}:1: evenings and mornings leave no hour open in xx-north for reminder" in text
    assert "in xx for" not in text


def test_a_window_that_closes_only_on_a_later_day_is_found_today(folder: Folder) -> None:
    folder.rule("xx/mornings", "window", values={SINCE: {"every_day": "08:00-12:00"}})
    folder.rule("xx/evenings", "window", values={date(2027, 1, 1): {"every_day": "18:00-20:00"}})

    assert "leave no hour open" in found(folder)


def test_a_cell_that_is_banned_anyway_needs_no_open_hour(folder: Folder) -> None:
    folder.rule("xx/mornings", "window", values={SINCE: {"every_day": "08:00-12:00"}})
    folder.rule("xx/evenings", "window", values={SINCE: {"every_day": "18:00-20:00"}})
    folder.rule("xx/never", "ban")

    assert found(folder) == ""


def test_nothing_may_stand_in_the_way_of_a_duty(folder: Folder) -> None:
    folder.rule("xx/tell", "duty")
    folder.rule("xx/never", "ban", classes=["duty"])
    folder.rule("xx/sometimes", "ban", classes=["duty"], when="overdue > 0")
    folder.rule("xx/asked", "consent", classes=["duty"])
    folder.rule("xx/counted", "cap", classes=["duty"])

    text = found(folder)

    assert "never forbids notice, which tell asks for" in text
    assert "sometimes at times forbids notice" in text
    assert "asked asks for consent to notice" in text
    assert "counted caps notice" in text


def test_a_ban_on_a_channel_the_duty_does_not_use_is_no_contradiction(folder: Folder) -> None:
    folder.rule("xx/tell", "duty", channels=["letter"])
    folder.rule("xx/never", "ban", classes=["duty"], channels=["call"])

    assert found(folder) == ""


def test_a_ban_that_binds_only_agents_does_not_touch_a_creditors_duty(folder: Folder) -> None:
    folder.rule("xx/tell", "duty", applies_to=["creditor"])
    folder.rule("xx/never", "ban", classes=["duty"], applies_to=["agent"])

    assert found(folder) == ""


def test_a_hold_that_does_less_than_a_rule_asks_is_reported(folder: Folder) -> None:
    asked = {"rests": ["offer", "letters"], "stops": ["interest"], "covers": "loan"}
    folder.rule("xx/space", "hold_effect", hold="complaint", values={SINCE: asked})

    text = found(folder)

    assert "'letters' is not a class of purposes" in text
    assert "offer must rest under the hold complaint, but holds.yaml lets it pass" in text
    assert "interest must stop under the hold complaint" in text
    assert "must cover every party of the loan, but holds.yaml covers the person alone" in text


def test_a_hold_that_does_what_is_asked_is_not(folder: Folder) -> None:
    asked = {"rests": ["collection"], "stops": ["fees"], "covers": "loan"}
    folder.rule("xx/space", "hold_effect", hold="dispute", values={SINCE: asked})

    assert found(folder) == ""


def test_a_lender_who_replaces_a_law_by_a_choice_is_told(folder: Folder, overlay: Folder) -> None:
    folder.rule("xx/calls", "cap")
    path = overlay.rule("xx/calls", "cap", status="lender_default")

    assert f"{path}:1: calls replaces a law by something that is none" in found(folder, overlay)


def test_a_review_is_due_the_day_after_its_day(folder: Folder) -> None:
    path = folder.rule("xx/calls", "cap", still_valid_on=date(2026, 11, 22))
    rules = folder.read()

    assert check_freshness(rules, TODAY) == []
    assert str(check_freshness(rules, TODAY + 1)[0]).startswith(
        f"{path}:1: calls was to be looked at again by 2026-11-22"
    )
