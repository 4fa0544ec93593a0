"""The little language of `when`, read for one situation."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.policy.rules.content_folder import Folder
from tideover.engine.policy.rules import Contact, RulesRefused, Situation, judge
from tideover.engine.policy.rules._when import check_when, holds

FACTS = {"overdue": 500, "days_past_due": 20, "role": "borrower", "in_difficulty": False}
SITUATION = Situation(facts=FACTS, told={"notice": (25, 20, 4)})


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("overdue > 0 and days_past_due >= 20", True),
        ("overdue > 0 and days_past_due > 20", False),
        ("not in_difficulty", True),
        ("role in ['borrower', 'guarantor']", True),
        ("role not in ('borrower', 'guarantor')", False),
        ("0 < overdue <= 500", True),
        ("overdue - 400 == 2 * 50", True),
        ("days_past_due == -1 * -20", True),
        ("days_since_told('notice') == 4", True),
        ("times_told('notice', 7) == 1", True),
        ("times_told_since_missed('notice') == 2", True),
        ("days_since_told('reminder') is None", True),
        ("days_since_told('notice') is not None", True),
        ("unheard_of is None", True),
    ],
)
def test_it_means_what_it_says(when: str, expected: bool) -> None:
    assert check_when(when, ("notice", "reminder")) is None
    assert holds(when, SITUATION) is expected


@given(
    st.sampled_from(
        ["unheard_of > 3", "unheard_of <= 3", "unheard_of == 'a'", "unheard_of != 'a'", "unheard_of"]
    ),
    st.sampled_from(["{}", "{} and overdue > 0", "overdue > 9999 or {}", "({}) and ({})"]),
)
def test_unknown_is_never_true(unknown: str, around: str) -> None:
    assert holds(around.replace("{}", unknown), SITUATION) is False


def test_a_ban_holds_only_while_its_condition_is_true(folder: Folder) -> None:
    folder.rule("xx/rest", "ban", when="days_past_due < 10")
    folder.rule("xx/calls", "cap", channels=["call"])
    tables = folder.read().on(20_000, "creditor")

    def banned(days_past_due: int | None) -> tuple[str, ...]:
        situation = Situation(facts={"days_past_due": days_past_due})
        return judge(
            tables, Contact(0, "xx", "UTC", "once", "reminder", "sms", situation=situation)
        ).banned_by

    assert banned(3) == ("rest",)
    assert banned(10) == ()
    assert banned(None) == ()


def test_a_rule_tells_its_notice_the_day_until_which_one_may_object(folder: Folder) -> None:
    numbers = {"received": 7, "to_object": 21}
    folder.rule(
        "xx/time",
        "ban",
        when="days_since_told('notice') <= {received} + {to_object}",
        values={date(2020, 1, 1): numbers},
        gives={"notice": {"object_until_on": ["received", "to_object"]}},
    )

    tables = folder.read().on(19_000, "creditor")

    assert tables.gives["xx", "notice"] == {"object_until_on": 28}


def test_a_day_made_of_numbers_nobody_gave_is_refused_with_the_nearest_name(folder: Folder) -> None:
    folder.rule(
        "xx/time",
        "ban",
        when="days_since_told('notice') <= {to_object}",
        values={date(2020, 1, 1): {"to_object": 21}},
        gives={"notice": {"object_until_on": ["to_objct"]}},
    )

    with pytest.raises(RulesRefused, match=r"'to_objct' is not among the numbers.*to_object"):
        folder.read()
