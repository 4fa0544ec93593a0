"""The desk: the day in numbers, the work, one person. Whoever is of another branch sees nothing of it."""

import re

import pytest

from tests.people import held, together
from tests.recording import recorded
from tests.staff import member, outsider, signed_in
from tests.web.scene import NIGHT, NOW, PEOPLE, a_case, a_message, a_night, a_person
from tideover.access.models import AuditRow
from tideover.book.actions import record
from tideover.book.models import Person
from tideover.delivery.models import Answer, Message

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "/desk/",
    "/desk/queue/",
    "/desk/stop/",
    "/desk/report",
    "/desk/people/mary/",
    "/desk/rows/treatment/?is=none",
)


def shown(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_strangers_sign_in_first(client, address):
    assert client.get(address).url.startswith("/staff/sign-in/")


def test_a_page_in_english_says_so_whatever_the_browser_speaks(client):
    page = client.get("/staff/sign-in/", headers={"accept-language": "fa"}).content.decode()

    assert '<html lang="en" dir="ltr">' in page
    assert not any("\u0600" <= letter <= "\u06ff" for letter in page)


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("agent", "/desk/"), ("lead", "/desk/"), ("strategist", "/desk/"), ("approver", "/desk/"),
        ("compliance", "/desk/"), ("admin", "/desk/staff/"),
    ],
)  # fmt: skip
def test_no_way_at_the_top_of_a_page_ends_at_a_closed_door(client, role, first):
    them = signed_in(client, member(role, "north"))

    assert 'href="/desk/"' in shown(them, "/staff/account/")
    ways = re.findall(
        r'href="(/desk/[^"]*)"', shown(them, first).partition('aria-label="Main"')[2].partition("</nav>")[0]
    )

    assert first in ways
    assert {way: them.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)


# --- the day


def test_the_day_is_told_in_numbers_that_open_their_rows(client):
    a_night()
    lead = signed_in(client, member("lead", "north"))

    page = shown(lead, "/desk/")

    assert "As of Wednesday 25 November 2026 10:00 UTC, for north." in page
    assert f">{len(PEOPLE)}</a>" in page
    rows = shown(lead, "/desk/rows/treatment/?is=contact")
    assert all(called in rows for *_, called in PEOPLE.values())
    assert "far" not in rows


def test_what_stood_in_the_way_is_named_by_its_rule_and_opens_its_people(client):
    a_night()
    lead = signed_in(client, member("lead", "north"))

    page = shown(lead, "/desk/")
    rows = shown(lead, "/desk/rows/blocked/?is=lv_notice_before_collecting")

    assert "is=lv_notice_before_collecting" in page
    assert "Elīna Bērziņa" in rows
    assert "Mary Price" not in rows


def test_the_numbers_of_an_outsider_are_those_of_their_own_branch(client):
    a_night()
    them = signed_in(client, outsider())

    page = shown(them, "/desk/")

    assert "for south" in page
    assert "1 person decided" in page
    assert not any(
        called in shown(them, "/desk/rows/treatment/?is=contact") for *_, called in PEOPLE.values()
    )


def test_whoever_reads_reports_sees_totals_and_nobody(client):
    a_night()
    them = signed_in(client, member("strategist"))

    page = shown(them, "/desk/")

    assert "6 people decided" in page
    assert "/desk/rows/" not in page
    assert them.get("/desk/rows/treatment/?is=contact").status_code == 403


def test_whoever_lets_staff_in_reads_no_day(client):
    admin = signed_in(client, member("admin"))

    assert admin.get("/desk/").url == "/desk/staff/"
    assert [admin.get(it).status_code for it in ("/desk/report", "/desk/rows/treatment/?is=none")] == [
        403,
        403,
    ]


def test_the_day_asks_as_little_of_many_as_of_few(client, django_assert_num_queries):
    lead = signed_in(client, member("lead", "north"))
    a_person()
    lead.get("/desk/")
    with django_assert_num_queries(10):
        lead.get("/desk/")

    for number in range(1, 30):
        a_message(number=number, state="suppressed", because=f"because_{number}", ended_at=NOW)
    with django_assert_num_queries(10):
        page = lead.get("/desk/").content.decode()

    assert "because 29" in page


def test_what_happened_since_is_counted_and_opens_its_people(client):
    a_person()
    for table, rows in {
        "loans": {"loan_id": "l", "borrower_id": "joan", "currency": "GBP"},
        "payments": {"payment_id": "p", "loan_id": "l", "paid_at": NOW, "amount": 100},
        "consents": {"person_id": "joan", "channel": "all", "purpose_class": "offer", "withdrawn_at": NOW},
        "complaints": {"complaint_id": "c", "person_id": "joan", "at": NOW},
    }.items():
        record(table, [rows], source="test", at=NOW)
    Answer.objects.create(person_id="joan", channel="sms", kind="paid", certain=True, at=NOW, outside_id="a")
    lead = signed_in(client, member("lead", "north"))

    for what in ("paid", "opted_out", "complained", "answered/?is=paid"):
        address = what if "/" in what else f"{what}/"
        assert "Joan Price" in shown(lead, f"/desk/rows/{address}")
    assert "Joan Price" not in shown(signed_in(client, outsider()), "/desk/rows/paid/")


def test_a_reason_that_is_a_secret_is_neither_counted_nor_opened_for_most(client):
    a_person()
    a_message(state="suppressed", because="hold_abuse", ended_at=NOW)

    agent = signed_in(client, member("agent", "north"))
    assert "hold_abuse" not in shown(agent, "/desk/")
    assert agent.get("/desk/rows/suppressed/?is=hold_abuse").status_code == 404

    compliance = signed_in(client, member("compliance", "north"))
    assert "hold_abuse" in shown(compliance, "/desk/")


def test_the_full_report_stands_behind_a_link(client):
    a_night()
    lead = signed_in(client, member("lead", "north"))

    report = lead.get("/desk/report")

    assert report.status_code == 200
    assert "default-src 'none'" in report.headers["Content-Security-Policy"]
    assert signed_in(client, member("agent", "north")).get("/desk/report").status_code == 403


@pytest.mark.parametrize(
    "reader",
    [("strategist",), ("approver",), ("lead", "north"), ("compliance", "north"), ("lead",)],
)
def test_the_full_report_counts_everybody_and_names_nobody(client, reader):
    recorded(together(held("mary", "bereavement"), held("elina", "abuse")), at=NIGHT)
    a_night()
    role, *branches = reader
    them = signed_in(client, member(role, *branches, every_branch=not branches))

    page = shown(them, "/desk/report")

    assert "Of 6 people" in page
    assert "A death was told; everything rests." in page
    assert [it for it in (*PEOPLE, "far") if re.search(rf"\b{it}\b", page)] == []
    assert "tideover explain --borrower" not in page
    assert "hold_abuse" not in page


def test_a_day_without_a_night_says_so(client):
    assert "No night was decided yet" in shown(signed_in(client, member("lead", "north")), "/desk/")


# --- one person


def test_one_person_has_her_whole_story_on_one_page_and_looking_changes_nothing(client):
    a_night()
    a_case("mary", said="Please call me in the evening")
    Answer.objects.create(
        person_id="mary", channel="sms", kind="call_me", certain=True, text="call me", at=NOW, outside_id="a"
    )
    before = (
        list(Message.objects.values()),
        AuditRow.objects.count(),
        Person.objects.get(pk="mary").facts_version,
    )

    page = shown(signed_in(client, member("agent", "north")), "/desk/people/mary/")

    for told in (
        "Mary Price",
        "She asked for a call",
        "call me",
        "What would be decided now",
        "£100.00",
        "Instalments",
    ):
        assert told in page
    after = (
        list(Message.objects.values()),
        AuditRow.objects.count(),
        Person.objects.get(pk="mary").facts_version,
    )
    assert after == before


def test_an_outsider_finds_nobody_of_another_branch(client):
    a_person()

    for who in (outsider(), member("strategist")):
        assert signed_in(client, who).get("/desk/people/joan/").status_code in (403, 404)
    assert "Joan" not in shown(client, "/desk/people/joan/")


def test_a_hold_that_is_a_secret_is_not_shown_to_most(client):
    a_night()
    hold = {"hold_id": "h", "person_id": "mary", "kind": "abuse", "from_at": NOW}
    record("holds", [hold], source="test", at=NOW)

    assert "abuse" not in shown(signed_in(client, member("agent", "north")), "/desk/people/mary/")
    assert "abuse" in shown(signed_in(client, member("compliance", "north")), "/desk/people/mary/")
