"""Merging: the strictest of all rules that cover a cell, and nothing that no rule asks for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.policy.rules.content_folder import Folder
from tideover.engine.policy.rules import Contact, Earlier, Rule, Rules, judge
from tideover.kit.days import day_of

TODAY = day_of(date(2026, 11, 22))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SINCE = date(2020, 1, 1)
RIGA = ZoneInfo("Europe/Riga")
NATIONAL_DAY = date(2026, 11, 18)  # a Wednesday on which Latvia rests

quarters = st.integers(0, 95)
hours = st.tuples(quarters, quarters).map(
    lambda pair: (
        f"{min(pair) // 4:02d}:{min(pair) % 4 * 15:02d}-{(max(pair) + 1) // 4:02d}:{(max(pair) + 1) % 4 * 15:02d}"
    )
)
windows = st.fixed_dictionaries(
    {day: st.one_of(st.just("closed"), hours, hours) for day in DAYS}
    | {"holidays": st.sampled_from(["open", "closed"])}
)
selections = st.fixed_dictionaries(
    {
        "channels": st.lists(st.sampled_from(["sms", "letter", "call"]), min_size=1, unique=True),
        "classes": st.lists(st.sampled_from(["collection", "offer"]), min_size=1, unique=True),
        "products": st.one_of(
            st.just("all"), st.lists(st.sampled_from(["instalment", "once"]), min_size=1, unique=True)
        ),
    }
)
places = st.sampled_from(["xx", "xx-north"])
window_rules = st.lists(st.tuples(places, windows, selections), min_size=1, max_size=4)
START = datetime(2026, 11, 14, tzinfo=RIGA)
moments = st.integers(0, 16 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def written(rules: list[tuple[str, object, dict[str, object]]], kind: str) -> Rules:
    with TemporaryDirectory() as name:
        folder = Folder(Path(name))
        for number, (place, value, selection) in enumerate(rules):
            folder.rule(f"{place}/rule_{number}", kind, values={SINCE: value}, **selection)
        return folder.read()


def contact(at: datetime, **more: object) -> Contact:
    given = {"kind": "instalment", "purpose": "reminder", "channel": "sms", "consent": True, **more}
    return Contact(at=int(at.timestamp()), jurisdiction="xx-north", zone="Europe/Riga", **given)  # type: ignore[arg-type]


def is_open_by_hand(value: Mapping[str, str], at: datetime) -> bool:
    """The oracle: reads what was written, minute by minute, with none of the product's code."""
    if value["holidays"] == "closed" and at.date() == NATIONAL_DAY:
        return False
    said = value[DAYS[at.weekday()]]
    if said == "closed":
        return False
    opens, closes = said.split("-")
    return opens <= f"{at.hour:02d}:{at.minute:02d}" < closes


def covers_by_hand(selection: Mapping[str, object], kind: str, of_class: str, channel: str) -> bool:
    products = selection["products"]
    return (
        channel in selection["channels"]  # type: ignore[operator]
        and of_class in selection["classes"]  # type: ignore[operator]
        and (products == "all" or kind in products)  # type: ignore[operator]
    )


@settings(max_examples=60)
@given(
    rules=window_rules,
    at=moments,
    kind=st.sampled_from(["instalment", "once", "none"]),
    channel=st.sampled_from(["sms", "call"]),
)
def test_an_instant_is_open_exactly_when_every_rule_that_covers_it_is_open(
    rules: list[tuple[str, dict[str, str], dict[str, object]]], at: datetime, kind: str, channel: str
) -> None:
    covering = [
        value for _, value, selection in rules if covers_by_hand(selection, kind, "collection", channel)
    ]
    shut = [
        number
        for number, (_, value, selection) in enumerate(rules)
        if value in covering
        and not is_open_by_hand(value, at)
        and covers_by_hand(selection, kind, "collection", channel)
    ]

    verdict = judge(written(rules, "window").on(TODAY, "creditor"), contact(at, kind=kind, channel=channel))

    assert verdict.allowed == all(is_open_by_hand(value, at) for value in covering)
    assert set(verdict.waits_for) == {f"rule_{number}" for number in shut}


@settings(max_examples=60)
@given(rules=window_rules, at=moments)
def test_the_first_moment_named_is_open_and_none_before_it_is(
    rules: list[tuple[str, dict[str, str], dict[str, object]]], at: datetime
) -> None:
    covering = [
        value for _, value, selection in rules if covers_by_hand(selection, "instalment", "collection", "sms")
    ]

    earliest = judge(written(rules, "window").on(TODAY, "creditor"), contact(at)).earliest

    step, until = (
        timedelta(minutes=15),
        at + timedelta(days=21) if earliest is None else datetime.fromtimestamp(earliest, RIGA),
    )
    skipped = at
    while skipped < until:
        assert not all(is_open_by_hand(value, skipped) for value in covering)
        skipped += step
    if earliest is not None:
        assert all(is_open_by_hand(value, until) for value in covering)


def alone(rules: Rules, rule: Rule) -> Rules:
    return replace(rules, layers=({rule.id: rule},), _made={})


any_rule = st.one_of(
    st.tuples(st.just("window"), windows),
    st.tuples(st.just("cap"), st.fixed_dictionaries({"n": st.integers(1, 4), "days": st.integers(1, 9)})),
    st.tuples(st.just("cool_down"), st.fixed_dictionaries({"days": st.integers(1, 9)})),
    st.tuples(st.just("ban"), st.just(value=True)),
    st.tuples(st.just("consent"), st.just(value=True)),
)


@settings(max_examples=80)
@given(
    rules=st.lists(st.tuples(any_rule, places, selections), min_size=2, max_size=5),
    at=moments,
    sent=st.lists(st.integers(1, 12 * 24), max_size=5),
    talked=st.lists(st.integers(1, 12 * 24), max_size=2),
    consent=st.booleans(),
)
def test_together_rules_never_allow_what_one_of_them_forbids_and_forbid_nothing_that_none_does(
    rules: list[tuple[tuple[str, object], str, dict[str, object]]],
    at: datetime,
    sent: list[int],
    talked: list[int],
    consent: bool,
) -> None:
    with TemporaryDirectory() as name:
        folder = Folder(Path(name))
        for number, ((kind, value), place, selection) in enumerate(rules):
            folder.rule(f"{place}/rule_{number}", kind, values={SINCE: value}, **selection)
        read = folder.read()
    second = int(at.timestamp())
    wish = contact(
        at,
        consent=consent,
        sent=tuple(Earlier(second - ago * 3600, "reminder", "sms") for ago in sent),
        talked=tuple(second - ago * 3600 for ago in talked),
    )

    together = judge(read.on(TODAY, "creditor"), wish)
    one_by_one = {
        rule.id: judge(alone(read, rule).on(TODAY, "creditor"), wish) for rule in read.by_id.values()
    }

    assert together.allowed == all(verdict.allowed for verdict in one_by_one.values())
    assert {*together.banned_by, *together.waits_for} <= {
        name for name, verdict in one_by_one.items() if not verdict.allowed
    }


def test_a_choice_of_the_default_gives_way_to_any_nearer_word_on_the_same_cell_only(folder: Folder) -> None:
    house = {"status": "lender_default", "merge": "own"}
    folder.rule("_default/house", "window", **house, values={SINCE: {"every_day": "10:00-12:00"}})
    folder.rule("xx/national", "window", channels=["call"], values={SINCE: {"every_day": "08:00-20:00"}})

    tables = folder.read().on(TODAY, "creditor")

    assert tables.cell("xx", "once", "reminder", "call")["window_id"] == "national"
    assert tables.cell("xx-north", "once", "reminder", "call")["window_id"] == "national"
    assert tables.cell("xx", "once", "reminder", "sms")["window_id"] == "house"
    assert tables.cell("_default", "once", "reminder", "call")["window_id"] == "house"


def test_a_law_of_a_place_that_is_included_never_gives_way(folder: Folder) -> None:
    folder.rule("xx/national", "window", values={SINCE: {"every_day": "08:00-20:00"}})
    folder.rule("xx-north/regional", "window", values={SINCE: {"every_day": "06:00-12:00"}})

    tables = folder.read().on(TODAY, "creditor")

    window = tables.windows[tables.cell("xx-north", "once", "reminder", "sms")["window_id"]]
    assert window.rule_ids == ("national", "regional")
    assert window.window[0] == ((480, 720),)
    assert tables.cell("xx", "once", "reminder", "sms")["window_id"] == "national"


def test_the_longest_rest_counts_and_is_the_one_named(folder: Folder) -> None:
    folder.rule("_default/short", "cool_down", values={SINCE: {"days": 2}})
    folder.rule("xx/long", "cool_down", values={SINCE: {"days": 7}})

    tables = folder.read().on(TODAY, "creditor")
    rests = tables.rests_of(tables.cell("xx", "once", "reminder", "sms"))

    assert [(rest["rule_id"], rest["seconds"]) for rest in rests] == [("long", 7 * 86_400)]


def test_words_of_several_rules_come_together(folder: Folder) -> None:
    folder.rule("_default/stop", "mandatory_words", values={SINCE: ["opt_out"]})
    folder.rule("xx/price", "mandatory_words", values={SINCE: ["cost", "opt_out"]})

    row = folder.read().on(TODAY, "creditor").cell("xx", "none", "offer", "sms")

    assert row["words"] == "cost,opt_out"
    assert row["words_by"] == "stop,price" or row["words_by"] == "price,stop"


def test_a_window_that_closes_holidays_says_whose(folder: Folder) -> None:
    shut = {"every_day": "08:00-20:00", "holidays": "closed"}
    folder.rule("xx/hours", "window", values={SINCE: shut})

    window = folder.read().on(TODAY, "creditor").windows["hours@xx"]

    assert (window.holidays, window.country, window.subdiv) == (True, "LV", None)
    assert window.closed_by(2, 600, holiday=True) == ("hours",)
    assert window.closed_by(2, 600, holiday=False) == ()


def test_one_rule_that_closes_holidays_is_enough_and_without_rules_every_hour_is_open(folder: Folder) -> None:
    folder.rule("_default/any_day", "window", channels=["sms"], values={SINCE: {"every_day": "09:00-21:00"}})
    folder.rule(
        "xx/hours",
        "window",
        channels=["sms"],
        values={SINCE: {"every_day": "08:00-20:00", "holidays": "closed"}},
    )
    tables = folder.read().on(TODAY, "creditor")

    assert tables.cell("xx", "once", "reminder", "sms")["window_id"] == "any_day+hours@xx"
    assert tables.windows["any_day+hours@xx"].holidays
    assert tables.cell("_default", "once", "reminder", "sms")["window_id"] == "any_day"
    assert tables.cell("xx", "once", "reminder", "call")["window_id"] == "always"
    assert not tables.windows["always"].holidays


def test_a_law_far_away_is_named_before_a_choice_nearby(folder: Folder) -> None:
    folder.rule("_default/law", "ban")
    folder.rule("xx/choice", "ban", status="lender_default")

    assert folder.read().on(TODAY, "creditor").cell("xx", "once", "reminder", "sms")["banned_by"] == "law"


def test_what_a_place_includes_binds_it_in_every_form_a_rule_can_take(folder: Folder) -> None:
    folder.rule("xx/sometimes", "ban", when="overdue > 0")
    folder.rule("xx/tell", "duty")
    folder.rule("xx/no_button", "action_ban")
    folder.rule("xx/known", "information")

    tables = folder.read().on(TODAY, "creditor")

    found = (*tables.bans_when, *tables.duties, *tables.action_bans, *tables.statements)
    assert [set(one.jurisdictions) for one in found] == [{"xx", "xx-north"}] * 4
