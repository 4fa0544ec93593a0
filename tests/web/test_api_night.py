"""What a night decided about everybody, silence included, told to another system: each once, and only who is its own."""

from datetime import timedelta

import pytest

from tests.people import AT, fresh_payments, held, late, outsider, reliable, together
from tests.recording import recorded
from tests.web.api import NOW, system
from tideover.strategy.models import Run
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_nightly

pytestmark = pytest.mark.django_db
NIGHT = "decisions/night"


@pytest.fixture
def night(client, settings, tmp_path, monkeypatch):
    for module in ("door", "decisions"):
        monkeypatch.setattr(f"tideover.web.api.{module}.now", lambda: NOW)
    settings.DATA = tmp_path
    hidden = together(late("hidden"), held("hidden", "abuse"))
    recorded(
        together(
            late("asha"), reliable("joan", days_to_due=20), hidden, outsider(), fresh_payments(AT + 86_400)
        )
    )
    ensure_shipped(at=NOW)
    return run_nightly(at=NOW)


def told(answer):
    return {it["person_id"]: it for it in answer.json()["decisions"]}


def test_whoever_is_left_in_peace_stands_there_with_the_reasons(client, night):
    answer = system(client, every_branch=True).get(NIGHT)

    decided = told(answer)
    assert set(decided) == {"asha", "joan", "hidden", "outsider"}
    assert len(decided) == night.people
    assert decided["joan"]["treatment"] in ("none", "wait")
    assert all(it["reasons"] for it in decided.values())
    assert answer.json()["at"] == "2026-11-25T10:00:00Z"


def test_a_client_reads_of_its_own_branches_only(client, night):
    assert set(told(system(client, "south").get(NIGHT))) == {"outsider"}
    assert told(system(client, "nowhere", name="other").get(NIGHT)) == {}


def test_page_by_page_everybody_comes_once(client, night):
    bank, found, cursor = system(client, every_branch=True), [], ""
    while page := bank.get(f"{NIGHT}?limit=1&cursor={cursor}").json():
        found += [it["person_id"] for it in page["decisions"]]
        cursor = page["next"]
        if not cursor:
            break

    assert found == ["asha", "hidden", "joan", "outsider"]


def test_all_pages_are_of_the_night_that_the_first_was_of(client, night):
    bank = system(client, every_branch=True)
    first = bank.get(f"{NIGHT}?limit=1").json()
    run_nightly(at=NOW + timedelta(days=1))

    rest = bank.get(f"{NIGHT}?cursor={first['next']}").json()

    assert rest["at"] == first["at"] == "2026-11-25T10:00:00Z"
    assert len(rest["decisions"]) == 3


def test_what_may_not_be_told_reads_neutral(client, night):
    everything = told(system(client, every_branch=True).get(NIGHT))["hidden"]
    bank = system(client, every_branch=True, name="other", scopes=["decisions:read"])

    assert "hold_abuse" in str(everything)
    assert "abuse" not in bank.get(NIGHT).content.decode()
    assert "we_are_checking" in bank.get(NIGHT).content.decode()


def test_a_day_without_a_night_is_not_found_and_what_is_no_day_is_said(client, night):
    bank = system(client, every_branch=True)

    assert bank.get(f"{NIGHT}?day=2026-11-25").status_code == 200
    assert bank.get(f"{NIGHT}?day=2026-11-24").status_code == 404
    assert bank.get(f"{NIGHT}?day=yesterday").status_code == 422
    assert bank.get(f"{NIGHT}?day=9999-12-31").status_code == 422
    assert bank.get(f"{NIGHT}?day=0001-01-01").status_code == 404
    assert bank.get(f"{NIGHT}?cursor=made-up").status_code == 422

    Run.objects.update(folder="")
    assert bank.get(NIGHT).status_code == 404


def test_a_shadow_night_and_the_night_of_another_day_are_not_mixed_in(client, night):
    run_nightly(at=NOW + timedelta(days=1), shadow=True)

    assert system(client, every_branch=True).get(NIGHT).json()["at"] == "2026-11-25T10:00:00Z"
