"""Cases are stories a compliance officer can write; the shipped ones reach every step and come out as written."""

import re
from collections import Counter

import pytest
import yaml

from tests.engine.policy.strategy_folder import Folder
from tideover.engine.decision.cases import run_cases
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.strategy import find_strategy

EVERYDAY = find_strategy("everyday")
PAID = {"name": "Whoever has just paid is left in peace", "given": {"is_open": True, "days_past_due": 3, "recently_paid": True},
        "expect": {"do": "silence", "because": "just_paid"}}  # fmt: skip
LATE = {"is_open": True, "days_past_due": 2}
REMINDED = {"do": "gentle_reminder", "because": "day_has_passed"}


def problems(folder, *cases):
    """What is wrong when these are the cases of the policy `late`."""
    folder.cases("late", *cases)
    folder.cases(
        "friendly",
        {
            "name": "Nothing is known of a talk",
            "expect": {"do": "silence", "because": "nothing_useful_to_say"},
        },
    )
    return list(map(str, run_cases(folder.read(), folder.path)))


def story(given, expect, name="A story of one payment"):
    return {"name": name, "given": given, "expect": expect}


# --- the shipped strategy


def test_every_shipped_case_comes_out_as_written(everyday):
    assert list(map(str, run_cases(everyday, EVERYDAY))) == []


def test_every_shipped_step_is_reached_by_a_case(everyday):
    steps = {(policy.name, step.name) for policy in everyday.policies for step in policy.steps}
    told = {
        (path.name.removesuffix(".cases.yaml"), case["expect"].get("step"))
        for path in (EVERYDAY / "policies").glob("*.cases.yaml")
        for case in yaml.safe_load(path.read_text("utf-8"))["cases"]
    }

    assert steps - told == set()


def test_every_shipped_case_has_a_name_of_its_own():
    for path in (EVERYDAY / "policies").glob("*.cases.yaml"):
        names = Counter(case["name"] for case in yaml.safe_load(path.read_text("utf-8"))["cases"])
        assert [name for name, times in names.items() if times > 1] == [], path.name


def test_every_number_of_the_strategy_is_used_by_a_policy():
    values = yaml.safe_load((EVERYDAY / "strategy.yaml").read_text("utf-8"))["values"]
    written = " ".join(
        path.read_text("utf-8")
        for path in (EVERYDAY / "policies").glob("*.yaml")
        if ".cases." not in path.name
    )

    assert [name for name in values if not re.search(rf"\b{name}\b", written)] == []


def test_every_reason_code_is_used(everyday):
    lists = read_lists()
    used = {step.because for step in everyday.steps} | {it.instead for it in lists.reasons.values()}
    used |= {f"hold_{kind}" for kind in lists.holds}
    written = " ".join(path.read_text("utf-8") for path in SHIPPED.parent.rglob("*.py"))
    assumed = {code for code in lists.reasons if code.startswith("assumed_") and 'f"assumed_{' in written}

    unused = set(lists.reasons) - used - assumed

    assert {code for code in unused if f'"{code}"' not in written} == set()


def test_every_purpose_that_a_ladder_may_need_is_said_somewhere(everyday):
    """What no policy says is a duty or an answer, which events and laws bring."""
    lists = read_lists()
    unsaid = {code for code in lists.purposes if code not in {step.purpose for step in everyday.steps}}

    assert {lists.purposes[code].purpose_class for code in unsaid} <= {"duty", "answer", "receipt"}


# --- how cases are told


def test_a_case_that_comes_out_is_no_problem(folder):
    assert problems(folder, PAID, story(LATE, REMINDED)) == []


def test_a_case_that_does_not_come_out_says_what_came_instead(folder):
    found = problems(
        folder, PAID, story(LATE, {"do": "silence", "because": "just_paid"}, "A reminder is expected to rest")
    )

    assert found == [
        (
            "small/policies/late.cases.yaml:10: 'A reminder is expected to rest': expected silence because just_paid, "
            "got gentle_reminder because day_has_passed (step gentle)"
        )
    ]


@pytest.mark.parametrize(
    "expect",
    [
        {"do": "gentle_reminder", "because": "just_paid"},
        {"do": "due_soon", "because": "day_has_passed"},
        {**REMINDED, "step": "paid"},
    ],
)
def test_what_is_done_and_why_and_by_which_step_must_all_be_right(folder, expect):
    assert len(problems(folder, story(LATE, expect))) == 1


def test_what_is_not_given_is_unknown(folder):
    assert (
        problems(
            folder,
            story(
                {"is_open": True, "days_past_due": 1}, {"do": "silence", "because": "nothing_useful_to_say"}
            ),
        )
        == []
    )
    assert (
        problems(
            folder, story({**LATE, "days_past_due": None}, {"do": "not_applying", "because": "just_paid"})
        )
        == []
    )


def test_a_policy_that_does_not_apply_is_expected_so(folder):
    closed = {**LATE, "is_open": False}

    assert problems(folder, story(closed, {"do": "not_applying", "because": "nothing_useful_to_say"})) == []
    assert "got not applying at all" in problems(folder, story(closed, REMINDED))[0]
    assert (
        "expected not_applying"
        in problems(folder, story(LATE, {"do": "not_applying", "because": "just_paid"}))[0]
    )


def test_what_was_told_is_given_as_a_policy_asks_it(folder):
    asked = 'days_since_told("gentle_reminder")'

    assert problems(folder, story({**LATE, asked: 7}, REMINDED)) == []
    assert (
        problems(folder, story({**LATE, asked: 6}, {"do": "silence", "because": "nothing_useful_to_say"}))
        == []
    )
    assert (
        problems(folder, story({**LATE, asked: -1}, {"do": "silence", "because": "nothing_useful_to_say"}))
        == []
    )


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("days_past_du", "did you mean 'days_past_due'?"),
        ('days_since_told("gentel_reminder")', "did you mean 'gentle_reminder'?"),
        ("days_since_tolld('x')", "is not a name or a call of contacts, days_since_surely_told"),
        ("days_since_told('x'", "is not a name or a call of contacts, days_since_surely_told"),
        ("__import__('os')", "is not a name or a call of contacts, days_since_surely_told"),
        ("days_since_told(kind)", "has not the plain codes and numbers that days_since_told takes"),
    ],
)
def test_a_name_that_nobody_knows_is_refused_with_its_line(folder, key, says):
    (problem,) = problems(folder, PAID, story({**LATE, key: 3}, REMINDED))

    assert problem.startswith("small/policies/late.cases.yaml:14: ")
    assert says in problem


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ({**PAID, "name": "Short"}, "cases.0.name:"),
        ({**PAID, "expects": {}}, "'expects' is not known here. Did you mean 'expect'?"),
        ({"name": "A story without an end"}, "cases.0.expect: Field required"),
        ({**PAID, "expect": {"do": "silence"}}, "cases.0.expect.because: Field required"),
        ({**PAID, "given": {"days_past_due": 2.5}}, "cases.0.given.days_past_due"),
        ({**PAID, "given": {"days_past_due": [1, 2]}}, "cases.0.given.days_past_due"),
    ],
)
def test_a_case_that_is_not_written_as_one_is_refused(folder, case, says):
    assert any(says in problem for problem in problems(folder, case))


def test_a_policy_without_cases_is_named(folder):
    folder.cases("late", PAID)

    assert list(map(str, run_cases(folder.read(), folder.path))) == [
        "small/policies/friendly.cases.yaml:1: policy 'friendly' has no cases; a strategy without them is not published"
    ]


def test_an_empty_file_of_cases_is_refused(folder):
    assert "cases" in problems(folder)[0]


def test_the_cases_of_a_strategy_are_overlaid_like_its_policies(everyday, tmp_path):
    own = Folder(tmp_path / "everyday")
    own.cases("check_in", story({}, REMINDED, "A story that does not come out"))

    (problem,) = run_cases(everyday, own.path)

    assert str(problem).startswith(
        "everyday/policies/check_in.cases.yaml:2: 'A story that does not come out'"
    )
