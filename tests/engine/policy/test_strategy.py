"""Strategies are read whole: what is wrong is said all at once, with file, line, what was expected and the nearest word."""

import shutil

import pytest

from tests.engine.policy.strategy_folder import LATE, Folder
from tideover.engine.insight import Level
from tideover.engine.policy.content import SHIPPED, ContentRefused
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.strategy import LAST, find_strategy, read_strategy
from tideover.kit.errors import Refused

# --- what is read


def test_a_strategy_is_read_into_checked_steps(folder):
    strategy = folder.read()

    late = next(policy for policy in strategy.policies if policy.name == "late")
    assert (strategy.name, late.subject, late.roles) == ("small", Level.LOAN, ("borrower", "co_borrower"))
    assert [(step.name, step.purpose, step.because) for step in late.steps] == [
        ("paid", None, "just_paid"),
        ("gentle", "gentle_reminder", "day_has_passed"),
        ("step_3", None, "nothing_useful_to_say"),
    ]


def test_the_order_decides_which_step_wins(folder):
    first = [(step.policy, step.name) for step in folder.read().steps]
    folder.write("order.yaml", "order: [duties, late/gentle, friendly, late]\n")

    second = [(step.policy, step.name) for step in folder.read().steps]

    assert first[:3] == [("late", "paid"), ("late", "gentle"), ("friendly", "after_talk")]
    assert second[:3] == [("late", "gentle"), ("friendly", "after_talk"), ("late", "paid")]


def test_a_silence_that_says_nothing_is_told_last(folder):
    ranks = {(step.policy, step.name): step.rank for step in folder.read().steps}

    assert ranks["late", "step_3"] > LAST > ranks["friendly", "after_talk"]


def test_the_same_thing_rests_seven_days_unless_said_otherwise(folder):
    late, friendly = (
        next(step for step in folder.read().steps if step.name == name).when
        for name in ("gentle", "after_talk")
    )

    assert "days_since_told__gentle_reminder" in late.columns
    assert friendly.columns == {"days_since_conversation"}


def test_the_numbers_of_the_strategy_may_be_named(folder):
    folder.change("policies/late.yaml", "gentle_days", "other_days")

    (problem,) = folder.problems()

    assert problem.startswith("policies/late.yaml:10: 'other_days' is not a known name")


def test_a_strategy_has_a_hash_that_its_cases_do_not_change(folder):
    before = folder.read().hash
    folder.cases(
        "late", {"name": "One day is no reason", "expect": {"do": "silence", "because": "just_paid"}}
    )
    with_cases = folder.read().hash
    folder.change("strategy.yaml", "gentle_days: 2", "gentle_days: 3")

    assert before == with_cases
    assert folder.read().hash != before


# --- what is refused


def test_every_problem_of_every_file_is_said_at_once(folder):
    folder.change("policies/late.yaml", "recently_paid", "recently_payed")
    folder.change("policies/late.yaml", "gentle_reminder", "gentel_reminder")
    folder.change("policies/friendly.yaml", "after_our_talk", "after_our_walk")
    folder.change("order.yaml", "- late", "- latte")

    problems = folder.problems()

    assert problems == [
        "order.yaml:3: 'latte' is no policy or step. Did you mean 'late'?",
        "order.yaml:1: policy 'late' is not in the order; say where it stands",
        "policies/friendly.yaml:7: 'after_our_walk' is not a known reason. Did you mean 'after_our_talk'?",
        "policies/late.yaml:6: 'recently_payed' is not a known name; did you mean 'recently_paid'?",
        "policies/late.yaml:11: 'gentel_reminder' is not a known purpose. Did you mean 'gentle_reminder'?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("applies: is_open", "applies: is_opened", "late.yaml:3: 'is_opened' is not a known name; did you mean 'is_open'?"),
        ("subject: loan", "subject: lone", "late.yaml:2: subject: Input should be 'loan', 'application' or 'person'"),
        ("    do: silence", "    do: silense", "late.yaml:7: 'silense' is not a known purpose. Did you mean 'silence'?"),
        ("    when: recently_paid\n", "", "late.yaml:5: a step has either 'when' and 'do', or 'otherwise'"),
        ("    when: recently_paid", "    whn: recently_paid", "late.yaml:6: 'whn' is not known here. Did you mean 'when'?"),
        ("    because: just_paid\n", "", "late.yaml:5: steps.0.because: Field required"),
        ("    because: just_paid", "    because: just_paid\n    every: 367", "late.yaml:9: steps.0.every:"),
        ("    because: just_paid", "    because: just_paid\n    every: soon", "late.yaml:9: steps.0.every:"),
        ("    because: just_paid", "    because: just_paid\n    use_by: -1", "late.yaml:9: steps.0.use_by:"),
        ("    because: just_paid", "    because: just_paid\n    tones: [loud]", "late.yaml:9: steps.0.tones.0:"),
        ("    because: just_paid", "    because: just_paid\n    channels: [fax]", "late.yaml:9: 'fax' is not a known channel"),
        ("name: paid", "name: Just Paid", "late.yaml:5: steps.0.name:"),
        ("says: A payment whose day has passed is met with a reminder.", "says: Late.", "late.yaml:1: says:"),
        ("subject: loan", "subject: loan\nroles: [payer]", "late.yaml:3: roles.0:"),
    ],
)  # fmt: skip
def test_each_problem_names_its_line_and_what_was_expected(folder, old, new, says):
    folder.change("policies/late.yaml", old, new)

    assert any(f"policies/{says}" in problem for problem in folder.problems()), folder.problems()


def test_an_unknown_step_in_the_order_gives_the_nearest(folder):
    folder.change("order.yaml", "- late", "- late/gentel\n  - late")

    assert folder.problems() == [
        "order.yaml:3: 'late/gentel' is no policy or step. Did you mean 'late/gentle'?"
    ]


def test_an_entry_stands_in_the_order_once(folder):
    folder.change("order.yaml", "- friendly", "- friendly\n  - late/gentle\n  - late")

    assert folder.problems() == ["order.yaml:6: 'late' stands in the order twice; keep one"]


def test_a_policy_must_end_in_silence_said_aloud(folder):
    folder.change("policies/late.yaml", "  - {otherwise: silence, because: nothing_useful_to_say}\n", "")

    assert folder.problems() == [
        "policies/late.yaml:9: the last step must be 'otherwise: silence' with a because"
    ]


def test_a_key_given_twice_is_refused_rather_than_lost(folder):
    folder.change(
        "policies/late.yaml", "    because: just_paid", "    because: just_paid\n    because: hard_times"
    )

    assert folder.problems() == ["policies/late.yaml:9: 'because' is given twice; keep one"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("says: [unclosed\nsubject: loan", "policies/late.yaml:2: is not YAML that can be read:"),
        ("says: a: b", "policies/late.yaml:1: is not YAML that can be read:"),
        ("steps:\n\t- tab", "policies/late.yaml:2: is not YAML that can be read:"),
        (b"says: caf\xe9", "policies/late.yaml:1: is not UTF-8 text; save it as UTF-8"),
        ("!!python/object/apply:os.system ['x']", "policies/late.yaml:1: is not YAML that can be read:"),
        ("says: 2026-02-30", "policies/late.yaml:1: is not YAML that can be read: day is out of range"),
        ("says: " + "[" * 5000 + "]" * 5000, "policies/late.yaml:1: is nested more than 50 deep"),
        ("", "policies/late.yaml:1: the file: Input should be a valid dictionary"),
        ("- a\n- list", "policies/late.yaml:1: the file: Input should be a valid dictionary"),
        ("42", "policies/late.yaml:1: the file: Input should be a valid dictionary"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_with_its_line(folder, text, says):
    folder.write("policies/late.yaml", text)

    assert folder.problems()[0].startswith(says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("says: A small strategy.\nvalues: {gentle_days: two}\n", "strategy.yaml:2: values.gentle_days:"),
        ("says: A small strategy.\nhold_out: 5000\n", "strategy.yaml:2: hold_out:"),
        ("says: A small strategy.\nholdout: 50\n", "strategy.yaml:2: 'holdout' is not known here. Did you mean 'hold_out'?"),
    ],
)  # fmt: skip
def test_what_holds_for_the_whole_strategy_is_checked_too(folder, text, says):
    folder.write("strategy.yaml", text)

    assert folder.problems()[0].startswith(says)


@pytest.mark.parametrize("name", ["strategy.yaml", "order.yaml"])
def test_a_folder_that_lacks_a_file_is_refused(folder, name):
    (folder.path / name).unlink()

    assert name in folder.problems()[0]


def test_a_protected_attribute_cannot_be_named(folder):
    folder.change("policies/late.yaml", "recently_paid", 'protected == "x"')

    assert "'protected' is not a known name" in folder.problems()[0]


# --- what a lender overlays


def test_an_unknown_strategy_is_refused_with_those_that_are_known():
    with pytest.raises(Refused) as refused:
        find_strategy("everday")

    assert "There is no strategy 'everday'. Did you mean 'everyday'?" in str(refused.value)


def test_a_strategy_may_be_named_by_its_folder(folder):
    assert find_strategy(str(folder.path)) == folder.path


def test_the_lenders_strategy_wins_over_ours_of_the_same_name(tmp_path):
    own = Folder(tmp_path / "strategies" / "everyday")

    found = find_strategy("everyday", tmp_path)

    assert found == own.path
    assert {policy.name for policy in read_strategy(found, read_lists(tmp_path)).policies} == {
        "late",
        "friendly",
    }
    assert find_strategy("everyday") == SHIPPED / "strategies" / "everyday"


def test_a_lender_may_overlay_the_numbers_alone(everyday, tmp_path):
    own = tmp_path / "strategies" / "everyday" / "strategy.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(
        (SHIPPED / "strategies" / "everyday" / "strategy.yaml")
        .read_text()
        .replace("leeway_days: 5", "leeway_days: 7")
    )

    found = read_strategy(find_strategy("everyday", tmp_path), read_lists(tmp_path))

    assert found.names.constants["leeway_days"] == 7
    assert [step.name for step in found.steps] == [step.name for step in everyday.steps]
    assert found.hash != everyday.hash


def test_a_shipped_policy_that_the_lenders_order_leaves_out_is_left_out(everyday, tmp_path):
    own = tmp_path / "strategies" / "everyday" / "order.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(
        (SHIPPED / "strategies" / "everyday" / "order.yaml").read_text().replace("  - check_in\n", "")
    )

    found = read_strategy(find_strategy("everyday", tmp_path), read_lists(tmp_path))

    left_out = {policy.name for policy in everyday.policies} - {policy.name for policy in found.policies}
    assert left_out == {"check_in"}


def test_a_policy_of_the_lenders_own_must_stand_in_the_order(tmp_path):
    own = tmp_path / "strategies" / "everyday" / "policies" / "ours.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(LATE)

    with pytest.raises(ContentRefused, match="policy 'ours' is not in the order"):
        read_strategy(find_strategy("everyday", tmp_path), read_lists(tmp_path))


def test_of_the_closed_lists_the_lenders_file_wins_whole(folder, tmp_path):
    overlay = tmp_path / "lender"
    overlay.mkdir()
    (overlay / "reasons.yaml").write_text('own_reason: {audience: borrower, says: "Ours."}\n')
    folder.change("policies/late.yaml", "because: just_paid", "because: own_reason")

    with pytest.raises(ContentRefused) as refused:
        read_strategy(folder.path, read_lists(overlay))

    said = str(refused.value)
    assert "own_reason" not in said
    assert "'day_has_passed' is not a known reason" in said, "of the shipped file nothing is left"


def test_a_copy_of_the_shipped_strategy_is_the_same_strategy(everyday, tmp_path):
    shutil.copytree(find_strategy("everyday"), tmp_path / "everyday")

    assert read_strategy(tmp_path / "everyday", read_lists()).hash == everyday.hash
