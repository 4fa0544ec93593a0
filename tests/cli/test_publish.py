"""From the command line a strategy goes to a second person, who agrees on the desk and nowhere else."""

import pytest

from tests.staff import NOW, member
from tests.strategy.drafts import a_draft, a_quiet_one, live
from tests.web.scene import clock_at
from tideover.strategy.models import Release
from tideover.strategy.releases import ensure_shipped

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installed(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    clock_at(settings, tmp_path)
    ensure_shipped(at=NOW)


def test_a_strategy_is_published_by_whoever_alone_may_and_waits(tideover, tmp_path):
    member("strategist")

    done = tideover("publish", str(a_draft(tmp_path)))

    waiting = Release.objects.get(state="waiting")
    assert done.code == 0
    assert waiting.cases > 500
    assert (
        f"calmer {waiting.hash[:12]}: {waiting.cases} cases passed. It waits for a second person." in done.out
    )
    assert "changed  strategy.yaml  +1 -1" in done.out
    assert f"https://lender.example/desk/releases/{waiting.hash}/" in done.out


def test_where_several_may_publish_one_is_named(tideover, tmp_path):
    asha, elina = (member("strategist", name=name) for name in ("asha", "elina"))
    draft = str(a_draft(tmp_path))

    unsaid = tideover("publish", draft)
    named = tideover("publish", draft, "--by", "Elina@lender.example")

    assert (unsaid.code, named.code) == (2, 0)
    assert f"{asha.email}, {elina.email}" in unsaid.err
    assert Release.objects.get(state="waiting").published_by == str(elina.pk)


def test_who_may_not_publish_does_not(tideover, tmp_path):
    member("approver")
    draft = str(a_draft(tmp_path))

    refusals = [
        tideover("publish", draft),
        tideover("publish", draft, "--by", "approver@lender.example"),
        tideover("publish", draft, "--by", "nobody@lender.example"),
        tideover("publish", str(tmp_path / "nothing"), "--by", "approver@lender.example"),
    ]

    assert [it.code for it in refusals] == [2, 2, 2, 2]
    for said, it in zip(
        ["Invite a strategist", "does not allow", "Nobody of staff", "There is no strategy"],
        refusals,
        strict=True,
    ):
        assert said in it.err
    assert not Release.objects.filter(state="waiting").exists()


def test_every_problem_is_said_with_its_file_and_line(tideover, tmp_path):
    member("strategist")
    draft = a_draft(tmp_path)
    cases = draft / "policies" / "first_slip.cases.yaml"
    cases.write_text(cases.read_text("utf-8").replace("do: leeway_note", "do: offer"), "utf-8")

    refused = tideover("publish", str(draft))

    assert refused.code == 2
    assert refused.err.count("calmer/policies/first_slip.cases.yaml:") > 1


def test_releases_are_listed_and_one_is_shown_line_by_line(tideover, tmp_path):
    strategist = member("strategist", name="mary")
    live(a_quiet_one(tmp_path), by=strategist, second=member("approver", name="elina"), at=NOW)
    tideover("publish", str(a_draft(tmp_path)))
    waiting = Release.objects.get(state="waiting")

    every = tideover("releases").out
    one = tideover("releases", waiting.hash[:8]).out

    assert "Decides for everybody; published by Mary, approved by Elina" in every
    assert "Waits for a second person; published by Mary, not approved" in every
    assert f"Against quiet {Release.objects.get(state='live').hash[:12]}:" in one
    assert "+says: A draft of the everyday strategy" in one
    assert "-says: Everybody is left in peace." in one


def test_a_beginning_that_is_none_or_of_several_is_refused(tideover):
    assert tideover("releases", "zz").code == 2
    assert "See them all" in tideover("releases", "zz").err
