"""Stories: anyone can write one, and one that is not true fails with its file and line."""

from datetime import date

import pytest

from tests.engine.policy.rules.content_folder import Folder
from tideover.engine.policy.rules import run_cases

SINCE = date(2020, 1, 1)
TOO_LATE = {
    "name": "Nine in the evening is too late",
    "at": "2026-11-23 21:00",
    "given": {"purpose": "reminder", "channel": "sms"},
    "expect": {"allowed": False, "because": ["hours"], "earliest": "2026-11-24 08:00"},
}


def told(folder: Folder, *overlays: Folder) -> str:
    return "\n".join(str(failure) for failure in run_cases(folder.read(*overlays)))


def test_a_true_story_passes(folder: Folder) -> None:
    folder.rule("xx/hours", "window")
    folder.stories("xx/hours", TOO_LATE)

    assert told(folder) == ""


@pytest.mark.parametrize(
    ("expect", "complaint"),
    [
        ({"allowed": True}, "expected allowed: True, but hours is in the way"),
        ({"banned": True}, "expected banned: True, but banned by: nothing"),
        ({"because": ["hour"]}, "expected because of hour, but in the way: hours"),
        ({"earliest": "2026-11-24 08:15"}, "expected earliest 2026-11-24 08:15, but it is 2026-11-24 08:00"),
        ({"words": ["opt_out"]}, "expected the words ['opt_out'], but the message must carry []"),
        ({"owed": True}, "expected owed: True, but it is not owed"),
        ({"actions_banned": ["promise"]}, "expected to be banned: ['promise'], but it is []"),
        ({"value": "never"}, "expected the value 'never', but it is 'every day 08:00-20:00'"),
        ({}, "it expects nothing"),
    ],
)
def test_a_story_that_is_not_true_fails_with_what_is_true(
    folder: Folder, expect: dict[str, object], complaint: str
) -> None:
    folder.rule("xx/hours", "window")
    path = folder.stories("xx/hours", TOO_LATE, {**TOO_LATE, "name": "The second story", "expect": expect})
    line = path.read_text().splitlines().index("- name: The second story") + 1

    assert told(folder).startswith(f"{path}:{line}: The second story: {complaint}")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"at": "21:00"}, "at is wrong"),
        ({"given": {"purpos": "reminder"}}, "given.purpos is not an entry here"),
        ({"expect": {"allowd": True}}, "expect.allowd is not an entry here"),
        ({"given": {"purpose": "remind", "channel": "sms"}}, "it cannot be played"),
        (
            {"given": {"zone": "Europe/Rigga"}},
            "There is no time zone 'Europe/Rigga'. Did you mean 'Europe/Riga'?",
        ),
        ({"given": {"facts": {"day_late": 1}}}, "no rule asks about the fact 'day_late'"),
        ({"given": {}}, "say which contact"),
    ],
)
def test_a_story_that_cannot_be_told_fails_too(
    folder: Folder, change: dict[str, object], complaint: str
) -> None:
    folder.rule("xx/hours", "window")
    path = folder.stories("xx/hours", {**TOO_LATE, **change})

    assert complaint in told(folder)
    assert str(path) in told(folder)


def test_a_limit_without_a_story_fails_and_plain_information_does_not(folder: Folder) -> None:
    path = folder.rule("xx/hours", "window")
    folder.rule("xx/known", "information")

    assert (
        told(folder)
        == f"{path}:1: hours has no story in hours.cases.yaml; tell at least one that it forbids or asks for."
    )


def test_our_stories_stay_true_when_a_lender_is_stricter_and_hers_play_on_her_rules(
    folder: Folder, overlay: Folder
) -> None:
    folder.rule("xx/hours", "window")
    folder.stories("xx/hours", {**TOO_LATE, "at": "2026-11-23 19:00", "expect": {"allowed": True}})
    overlay.rule("xx/early", "window", status="lender_default", values={SINCE: {"every_day": "08:00-18:00"}})
    overlay.stories("xx/early", {**TOO_LATE, "at": "2026-11-23 19:00", "expect": {"because": ["early"]}})

    assert told(folder, overlay) == ""


def test_a_draft_is_turned_on_for_its_own_stories_only(folder: Folder) -> None:
    folder.rule("xx/hours", "window", status="draft")
    folder.stories("xx/hours", TOO_LATE)
    folder.rule("xx/calls", "cap")
    folder.stories("xx/calls", {**TOO_LATE, "expect": {"allowed": True}})

    assert told(folder) == ""


def test_a_moment_with_z_is_in_utc_and_one_without_is_local(folder: Folder) -> None:
    folder.rule("xx/hours", "window")
    folder.stories(
        "xx/hours", {**TOO_LATE, "at": "2026-11-23 19:00Z", "expect": {"earliest": "2026-11-24 06:00Z"}}
    )

    assert told(folder) == ""
