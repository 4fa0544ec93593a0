"""Reading: every mistake is found at once, each with its file, its line and what to do."""

from datetime import date
from pathlib import Path

import pytest

from tests.engine.policy.rules.content_folder import Folder
from tideover.engine.policy.rules import RulesRefused, read_rules
from tideover.kit.days import day_of
from tideover.kit.errors import Refused

TODAY = day_of(date(2026, 11, 22))


def refusals(folder: Folder, *overlays: Folder) -> str:
    with pytest.raises(RulesRefused) as refused:
        folder.read(*overlays)
    return str(refused.value)


def test_a_rule_without_a_date_is_refused_on_its_line(folder: Folder) -> None:
    path = folder.rule("xx/calls", "cap", values={"n": 2})
    line = path.read_text().splitlines().index("values:") + 2

    text = refusals(folder)

    assert f"{path}:{line}: Each value stands beside the day from which it is in force" in text


def test_a_rule_with_no_value_at_all_is_refused(folder: Folder) -> None:
    folder.rule("xx/calls", "cap", values=None)

    assert "values is missing" in refusals(folder)


def test_misspelt_names_come_with_the_nearest_known_one(folder: Folder) -> None:
    folder.rule("xx/calls", "cap", chanels=["sms"])
    folder.rule("xx/hours", "window", channels=["smss"], classes=["colection"])
    folder.rule("xx/words", "mandatory_words", values={date(2020, 1, 1): ["optout"]})
    folder.rule("xx/stop", "ban", status="lender_defalt")
    folder.rule("xx/space", "hold_effect", hold="complain")
    folder.rule(
        "xx/told", "notice_before", act="writeoff", merge="union", values={date(2020, 1, 1): {"days": 30}}
    )

    text = refusals(folder)

    for guess in (
        "'channels'",
        "'sms'",
        "'collection'",
        "'opt_out'",
        "'lender_default'",
        "'complaint'",
        "'write_off'",
    ):
        assert f"Did you mean {guess}?" in text


def test_all_problems_of_all_files_are_told_together_each_on_its_own_line(folder: Folder) -> None:
    first = folder.rule("xx/calls", "cap", scope=None, merge="max")
    second = folder.rule("xx/hours", "window", values={date(2020, 1, 1): {"mon": "08:00-20:00"}})

    text = refusals(folder)

    day = next(number for number, row in enumerate(second.read_text().splitlines(), 1) if "2020-01-01" in row)
    assert f"{first}:3: A rule of kind cap needs `scope`." in text
    assert "A rule of kind cap merges by min or own." in text
    assert f"{second}:{day}: Nothing is said about tue, wed, thu, fri, sat, sun" in text


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ({"every_day": "8-20"}, 'should look like "08:00-20:00"'),
        ({"every_day": "20:00-08:00"}, "must lie in one day"),
        ({"every_day": "08:05-20:00"}, "go by quarters"),
        ({"weekdays": "08:00-20:00"}, "`weekdays` is no day"),
        ({"every_day": "08:00-20:00", "sun": "closed"}, "sun is said twice"),
        ({"every_day": "08:00-20:00", "holidays": "shut"}, "holidays is open or closed"),
        ("08:00-20:00", "Hours are written by day"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(folder: Folder, hours: object, complaint: str) -> None:
    folder.rule("xx/hours", "window", values={date(2020, 1, 1): hours})

    assert complaint in refusals(folder)


@pytest.mark.parametrize(
    ("kind", "value", "complaint"),
    [
        ("cap", {"n": 0, "days": 7}, "A cap is written {n: 7, days: 7}"),
        ("cap", {"n": 2, "weeks": 1}, "A cap is written {n: 7, days: 7}"),
        ("cool_down", {"days": "7"}, "Expected named whole numbers"),
        ("duty", True, "Expected named whole numbers"),
        ("duty", {"days": 3}, "A duty says by when"),
        ("mandatory_words", "opt_out", "Expected a list of codes"),
        ("hold_effect", {"stops": ["fees"]}, "What a hold does is written"),
        ("ban", {"days": 3}, "The numbers in `when` and in the value are not the same: days"),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused(
    folder: Folder, kind: str, value: object, complaint: str
) -> None:
    folder.rule("xx/a_rule", kind, values={date(2020, 1, 1): value})

    assert complaint in refusals(folder)


@pytest.mark.parametrize(
    ("when", "complaint"),
    [
        ("overdue >", "cannot be read"),
        ("overdue.real > 0", "may not use `overdue.real`"),
        ("__import__('os')", "has no question '__import__'"),
        ("overdue / 2 > 1", "may not use `overdue / 2`"),
        ("[x for x in y]", "may not use"),
        ("days_since_told(overdue) > 1", "takes 1 plain value"),
        ("days_since_told('nottice') > 1", "'nottice' is not a known purpose"),
    ],
)
def test_a_condition_outside_the_little_language_is_refused(
    folder: Folder, when: str, complaint: str
) -> None:
    folder.rule("xx/stop", "ban", when=when)

    assert complaint in refusals(folder)


def test_a_law_never_gives_way_and_never_goes_without_its_article(folder: Folder) -> None:
    folder.rule("xx/hours", "window", merge="own")
    folder.rule("xx/calls", "cap", reference=[])

    text = refusals(folder)

    assert "a law does not give way" in text
    assert "needs a reference" in text


def test_a_duty_names_exactly_one_purpose_and_that_is_a_duty(folder: Folder) -> None:
    folder.rule("xx/tell", "duty", purposes=["reminder"])
    folder.rule("xx/tell_two", "duty", purposes=["notice", "notice"])

    assert refusals(folder).count("A duty names exactly one purpose") == 2


def test_the_file_and_the_id_are_one_name_and_ids_are_one_namespace(folder: Folder) -> None:
    folder.rule("xx/calls", "cap", id="call")
    folder.rule("xx/hours", "window")
    folder.rule("_default/hours", "window")

    text = refusals(folder)

    assert "The id is 'call' but the file is calls.yaml" in text
    assert "The id 'hours' is taken by" in text


def test_what_is_written_twice_or_is_not_yaml_is_refused(folder: Folder) -> None:
    twice = folder.rule("xx/calls", "cap")
    twice.write_text(twice.read_text() + "scope: loan\n")
    broken = folder.write("rules/xx/hours.yaml", "id: [hours\nsays: x\n")

    text = refusals(folder)

    assert f"{twice}:{len(twice.read_text().splitlines())}: 'scope' is given twice" in text
    assert f"{broken}:2: is not YAML that can be read" in text


def test_a_country_must_exist_reach_the_default_and_know_its_holidays_and_zone(folder: Folder) -> None:
    folder.rule("yy/calls", "cap")
    folder.write(
        "rules/zz/_country.yaml", {"name": "Z", "includes": ["xxx"], "places": ["XX"], "zone": "Europe/Rigga"}
    )
    folder.rule(
        "_default/shut",
        "window",
        values={date(2020, 1, 1): {"every_day": "08:00-20:00", "holidays": "closed"}},
    )

    text = refusals(folder)

    assert "Its folder has no _country.yaml" in text
    assert "There is no folder 'xxx' to include. Did you mean 'xx'?" in text
    assert "must reach _default" in text
    assert "There is no time zone 'Europe/Rigga'. Did you mean 'Europe/Riga'?" in text
    assert "The place XX is taken by xx" in text
    assert "does not say whose holidays count" in text


def test_a_folder_without_rules_is_refused_and_the_refusal_is_one_people_can_read(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There are no rules here"):
        Folder(tmp_path).read()
    with pytest.raises(Refused, match="This file is missing"):
        read_rules(tmp_path / "nowhere")


def test_the_lenders_own_file_wins_whole_and_its_new_rules_stand_beside_ours(
    folder: Folder, overlay: Folder
) -> None:
    folder.rule("xx/calls", "cap", values={date(2020, 1, 1): {"n": 7, "days": 7}})
    overlay.rule("xx/calls", "cap", status="lender_default", values={date(2020, 1, 1): {"n": 1, "days": 7}})
    overlay.rule("xx/quiet", "cool_down", status="lender_default")

    tables = folder.read(overlay).on(TODAY, "creditor")

    assert [(cap["cap_id"], cap["n"]) for cap in tables.caps] == [("calls", 1)]
    assert {rest["rule_id"] for rest in tables.cooldowns} == {"quiet"}


def test_a_lender_turns_a_draft_on_by_name_and_only_a_draft(folder: Folder, overlay: Folder) -> None:
    folder.rule("xx/calls", "cap", status="draft")
    folder.rule("xx/quiet", "cool_down")
    overlay.write("rules/_lender.yaml", {"drafts_on": ["calls"]})

    assert folder.read().on(TODAY, "creditor").caps == []
    assert [cap["cap_id"] for cap in folder.read(overlay).on(TODAY, "creditor").caps] == ["calls"]

    overlay.write("rules/_lender.yaml", {"drafts_on": ["quiet", "cals"]})
    text = refusals(folder, overlay)
    assert "'quiet' is not a draft rule" in text
    assert "'cals' is not a draft rule. Did you mean 'calls'?" in text
