"""Whoever sees to a case is named when it comes up; and nobody's case stays with a colleague who left."""

from datetime import date

import pytest

from tests.people import AT, someone
from tests.recording import recorded
from tests.staff import NOW, member
from tideover.access.models import Staff
from tideover.support.actions import NotYours, close, give_back, take
from tideover.support.giving_out import give_out
from tideover.support.models import Case
from tideover.support.opening import NOBODY

pytestmark = pytest.mark.django_db
numbers = iter(range(10**6))


def a_case(person="mary", branch="north", **about):
    told = {
        "kind": "question",
        "due_on": date(2026, 11, 25),
        "opened_at": NOW,
        "from_row": f"row-{next(numbers)}",
    }
    return Case.objects.create(person_id=person, branch=branch, **{**told, **about})


def owner(case):
    case.refresh_from_db()
    return Staff.objects.get(pk=case.owner).name if case.owner else ""


def test_work_is_shared_out_evenly_among_those_who_see_the_branch():
    for who, branch in (("ada", "north"), ("bo", "north"), ("cy", "south")):
        member("agent", branch, name=who)
    cases = [a_case(f"person-{it}") for it in range(6)]

    assert give_out() == 6
    assert sorted(map(owner, cases)) == ["Ada"] * 3 + ["Bo"] * 3
    assert {it.state for it in Case.objects.all()} == {"open"}
    assert give_out() == 0


def test_she_comes_to_whoever_knows_her_and_all_of_hers_to_one():
    ada, bo = member("agent", "north", name="ada"), member("agent", "north", name="bo")
    before = a_case("mary")
    close(case=take(case=before, by=bo, at=NOW), outcome="solved", words="", by=bo, at=NOW)
    for it in range(3):
        a_case(f"other-{it}", owner=str(bo.pk), state="taken")
    hers, joans, joans_other = a_case("mary"), a_case("joan"), a_case("joan")

    give_out()

    assert [owner(it) for it in (hers, joans, joans_other)] == ["Bo", "Ada", "Ada"]
    assert ada.pk < bo.pk


def test_whoever_moves_to_another_branch_takes_her_cases_along():
    ada, cy = member("agent", "north", name="ada"), member("agent", "south", name="cy")
    recorded(someone("mary"))
    danger, done = a_case("mary", kind="danger"), a_case("mary", kind="call_back")
    give_out()
    close(case=take(case=done, by=ada, at=NOW), outcome="solved", words="", by=ada, at=NOW)

    recorded(someone("mary", branch="south", recorded_at=AT))

    seen = {who.name: set(Case.objects.visible_to(who)) for who in (ada, cy)}
    assert seen == {"Ada": set(), "Cy": {danger, done}}
    assert (give_out(), owner(danger)) == (1, "Cy")
    with pytest.raises(NotYours):
        take(case=danger, by=ada, at=NOW)


def test_leads_get_what_no_agent_sees():
    member("lead", every_branch=True, name="lea")
    member("agent", "north", name="ada")
    member("compliance", every_branch=True, name="cleo")
    north, west, strangers = a_case(), a_case("joan", "west"), a_case(NOBODY, "")

    give_out()

    assert [owner(it) for it in (north, west, strangers)] == ["Ada", "Lea", "Lea"]


def test_strangers_are_not_one_person_whom_somebody_knows():
    for who in ("ada", "bo"):
        member("agent", every_branch=True, name=who)
    cases = [a_case(NOBODY, "") for _ in range(4)]

    give_out()

    assert sorted(map(owner, cases)) == ["Ada", "Ada", "Bo", "Bo"]


def test_what_somebody_gives_back_goes_to_another():
    ada, bo = member("agent", "north", name="ada"), member("agent", "north", name="bo")
    case = a_case()
    give_out()
    first, other = (ada, "Bo") if owner(case) == "Ada" else (bo, "Ada")
    give_back(case=take(case=case, by=first, at=NOW), by=first, at=NOW)

    give_out()

    assert owner(case) == other


def test_with_nobody_else_it_comes_back():
    ada = member("agent", "north", name="ada")
    case = a_case()
    give_back(case=take(case=case, by=ada, at=NOW), by=ada, at=NOW)

    assert give_out() == 1
    assert (owner(case), case.state) == ("Ada", "open")
    assert give_out() == 0


@pytest.mark.parametrize("change", [{"is_active": False}, {"branches": ["south"]}, {"role": "strategist"}])
def test_the_work_of_a_colleague_who_is_gone_goes_on_with_another(change):
    ada, bo = member("agent", "north", name="ada"), member("agent", "north", name="bo")
    case = take(case=a_case(), by=ada, at=NOW)
    Staff.objects.filter(pk=ada.pk).update(**change)

    assert give_out() == 1
    assert (owner(case), case.state) == ("Bo", "open")
    assert take(case=case, by=bo, at=NOW).state == "taken"


def test_until_it_is_begun_any_colleague_may_take_it_and_then_nobody_else():
    ada, bo = member("agent", "north", name="ada"), member("agent", "north", name="bo")
    case = a_case(owner=str(ada.pk))

    assert owner(take(case=case, by=bo, at=NOW)) == "Bo"
    with pytest.raises(NotYours):
        close(case=case, outcome="solved", words="", by=ada, at=NOW)


def test_without_anybody_who_could_see_to_it_a_case_waits():
    member("agent", "south", name="cy")
    case = a_case()

    assert give_out() == 0
    assert owner(case) == ""


def test_a_book_of_work_is_given_out_in_few_questions(django_assert_max_num_queries):
    for who in ("ada", "bo"):
        member("agent", "north", name=who)
    Case.objects.bulk_create(
        Case(
            kind="call",
            person_id=f"p{it}",
            branch="north",
            from_row=f"bulk-{it}",
            due_on=date(2026, 11, 25),
            opened_at=NOW,
        )
        for it in range(300)
    )

    with django_assert_max_num_queries(8):
        assert give_out() == 300
