"""A person is handed everything about her and nothing about anybody else; or is erased, and nothing leads to her any more."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from tests.delivery.debited import debited, she_acts_for
from tests.people import AT, fresh_payments, guarantor_of, held, late, outsider, promised, together, told
from tests.recording import recorded
from tests.web.api import NOW
from tideover.access.actors import Actor
from tideover.access.audit import note, verify
from tideover.access.models import AuditRow, Request
from tideover.access.roles import Power
from tideover.access.sealing import blind
from tideover.access.two_persons import approve, ask
from tideover.book.actions import record
from tideover.book.importing import import_book
from tideover.book.mirror import mirrored
from tideover.book.models import FACTS, Address, ConsentText, Person
from tideover.book.surrogates import surrogate_of
from tideover.delivery.models import Answer, Message, Unplaced
from tideover.delivery.privacy.erasing import NeededForAClaim, erase_subject
from tideover.delivery.privacy.exporting import export_subject
from tideover.delivery.privacy.journal import come_back, was_erased
from tideover.delivery.privacy.models import Erasure
from tideover.delivery.privacy.subject import NobodyThere
from tideover.delivery.taking import take
from tideover.delivery.unplaced import keep
from tideover.engine.facts import TABLES
from tideover.kit.cells import harmless
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_events, run_nightly
from tideover.support.models import Case

HER = "zuleikha-7041"
NAME, PHONE, MAIL = "Zuleikha Mirzoyan", "+442079460123", "zuleikha.m@example.org"
IBAN, UMR = "LV80BANK0000435195001", "T260101ABCDEF012345"
CANARIES = (
    HER,
    "Zuleikha",
    "Mirzoyan",
    PHONE,
    "2079460123",
    "020 7946 0123",
    MAIL,
    IBAN,
    "I lost my job at the mill",
)
OTHER, OTHERS_MAIL = "outsider", "otto@example.org"
CLERK = Actor("staff", "7")

pytestmark = pytest.mark.django_db(transaction=True)


def address(person, channel, value, address_id):
    Address.objects.get_or_create(
        address_id=address_id, defaults={"channel": channel, "value": value, "index": blind(value)}
    )
    row = {
        "contact_point_id": f"{person}-{channel}",
        "person_id": person,
        "channel": channel,
        "address_id": address_id,
    }
    record("contact_points", [row], source="test", at=NOW + timedelta(seconds=1))


@pytest.fixture
def small(settings, tmp_path):
    """Just her and an outsider."""
    settings.DATA = tmp_path / "data"
    recorded(together(late(HER), outsider()))
    return settings.DATA


@pytest.fixture
def lender(settings, tmp_path):
    """A day in the life: her and an outsider, decided, written to, answered, with a case, a hold and an audit trail."""
    settings.DATA = tmp_path / "data"
    recorded(
        together(
            promised(HER), guarantor_of(HER, "greta"), held(HER, "hardship"), held(HER, "abuse", until_at=AT - 86_400),
            told(HER, "gentle_reminder", send_at=AT - 86_400 * 9, subject=f"{HER}-loan-1"),
            told("greta", "guarantor_notice", send_at=AT - 86_400 * 8, subject=f"{HER}-loan-1", about=[f"{HER}-loan-1"]),
            outsider(), fresh_payments(AT + 86_400 * 3),
        )
    )  # fmt: skip
    record(
        "payments",
        [{"payment_id": f"pay-{HER}", "loan_id": f"{HER}-loan-1", "paid_at": NOW, "amount": 100}],
        source="t",
        at=NOW,
    )
    text = ConsentText.objects.create(
        text_hash="t1", language="en", text="Yes, Zuleikha agrees", recorded_at=NOW
    )
    record(
        "consents",
        [
            {
                "person_id": HER,
                "channel": "all",
                "purpose_class": "lesson",
                "granted_at": NOW,
                "text_hash": text.pk,
            }
        ],
        source="t",
        at=NOW,
    )
    Person.objects.filter(pk=HER).update(name=NAME, name_index=blind(NAME))
    Person.objects.filter(pk=OTHER).update(name="Otto Outsider", name_index=blind("Otto Outsider"))
    address(HER, "email", MAIL, "a-mail")
    address(HER, "sms", PHONE, "a-phone")
    address(OTHER, "email", OTHERS_MAIL, "a-other")
    ensure_shipped(at=NOW)
    run_nightly(at=NOW)
    apps.get_model("strategy", "Changed").objects.create(person_id=HER, why="promises", at=NOW)
    run_events(at=NOW + timedelta(minutes=5))
    take(at=NOW)
    message = message_to(HER)
    Answer.objects.create(
        message=message,
        person_id=HER,
        channel="email",
        kind="help",
        certain=True,
        text="I lost my job at the mill",
        at=NOW,
        outside_id="x1",
    )
    Case.objects.create(
        kind="question",
        person_id=HER,
        said="I lost my job at the mill",
        from_row="answer-1",
        due_on=NOW.date(),
        opened_at=NOW,
        owner="bob",
    )
    message_to(OTHER, text="Dear Otto")
    debited(HER, NAME, IBAN, UMR)
    debited(OTHER, "Otto Outsider", "LV97HABA0012345678910", "T260101FEDCBA543210")
    she_acts_for(OTHER, HER, NAME, MAIL, PHONE)
    note(action="hold_put", by=CLERK, at=NOW, about=surrogate_of(HER), detail={"kind": "hardship"})
    note(action="hold_put", by=CLERK, at=NOW, about=surrogate_of(OTHER), detail={"kind": "hardship"})
    return settings.DATA


def message_to(person, text=f"Dear {NAME}, =2+2"):
    return Message.objects.create(
        contact_id=f"{person}.{AT}.note", person_id=person, purpose="note", purpose_class="help", channel="email",
        subject=f"{person}-loan-1", send_at=NOW, use_by=NOW + timedelta(days=1), local_day=9, due_at=NOW, message_id="m", code="c",
        state="accepted", address_id="a-mail", body=json.dumps({"subject": "A word", "text": text, "html": "<p>x"}),
    )  # fmt: skip


def dump():
    """Every value of every table, as text, sealed ones opened: what somebody with all the keys could read."""
    found = []
    for model in apps.get_models():
        found += [f"{model._meta.label}: {row}" for row in model._default_manager.values()]
    return "\n".join(found)


def bytes_on_disk(folder):
    paths = [path for path in Path(folder).rglob("*") if path.is_file()]
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        paths += [Path(name + ending) for ending in ("", "-wal", "-journal") if Path(name + ending).exists()]
    return {path: path.read_bytes() for path in paths}


def rows_of(person):
    """Everything that stands about somebody in the facts."""
    keys = ("borrower_id", "person_id")
    return {
        name: list(model.objects.filter(**{key: person}).order_by("id").values())
        for name, model in FACTS.items()
        for key in keys
        if key in TABLES[name].names
    }


class TestExport:
    def test_everything_about_her_is_there(self, lender, tmp_path):
        export_subject(HER, tmp_path / "out", at=NOW)

        told = json.loads((tmp_path / "out" / "your-data.json").read_text("utf-8"))
        text = json.dumps(told, ensure_ascii=False)
        assert told["person"][0]["name"] == NAME
        assert {it["address"] for it in told["addresses"]} == {MAIL, PHONE}
        assert told["answers"][0]["text"] == told["cases"][0]["said"] == "I lost my job at the mill"
        assert f"Dear {NAME}" in text
        assert told["consent_words"][0]["text"] == "Yes, Zuleikha agrees"
        assert len(told["instalments"]) == 7
        assert [it["amount"] for it in told["payments"]] == [100]
        assert told["decided_each_day"][0]["reasons"]
        assert [it["action"] for it in told["audit"]] == ["hold_put"]
        assert set(TABLES) - {"lender", "feeds"} <= set(told)

    def test_nobody_else_is_in_it(self, lender, tmp_path):
        export_subject(HER, tmp_path / "out", at=NOW)

        for path in (tmp_path / "out").rglob("*"):
            text = path.read_text("utf-8").lower() if path.is_file() else ""
            others = [it for it in ("outsider", "otto", "greta", "bob") if it in text]
            assert others == [], path

    def test_whoever_told_of_a_death_or_acts_for_somebody_is_not_in_it_and_that_is_said(
        self, lender, tmp_path
    ):
        export_subject(OTHER, tmp_path / "out", at=NOW)

        told = json.loads((tmp_path / "out" / "your-data.json").read_text("utf-8"))
        (death,), (power,), (case,) = told["deathtolds"], told["powertoacts"], told["cases"]
        left_out = {death[it] for it in ("told_by", "reach", "executor_id")}
        assert left_out | {power["reach"], power["acts_id"], case["said"]} == {"about_another_person"}
        assert power.pop("name") == NAME, "it stays as they wrote it themselves"
        assert [it for it in (HER, NAME, PHONE, MAIL) if it in json.dumps(told, ensure_ascii=False)] == []
        assert death["said"] == "Aunt Olga"
        assert "about_another_person" in (tmp_path / "out" / "your-data.html").read_text("utf-8")

    def test_what_may_not_be_told_reads_neutral(self, lender, tmp_path):
        export_subject(HER, tmp_path / "out", at=NOW)

        told = json.loads((tmp_path / "out" / "your-data.json").read_text("utf-8"))
        assert {it["kind"] for it in told["holds"]} == {"hardship", "we_are_checking"}

    def test_the_page_is_readable_and_nothing_in_it_runs(self, lender, tmp_path):
        Answer.objects.filter(person_id=HER).update(kind="<script>alert(1)</script>")

        export_subject(HER, tmp_path / "out", at=NOW)

        page = (tmp_path / "out" / "your-data.html").read_text("utf-8")
        assert "<script" not in page
        assert NAME in page
        assert "Instalments" in page

    def test_no_cell_of_a_table_is_a_formula(self, lender, tmp_path):
        Answer.objects.filter(person_id=HER).update(kind="=HYPERLINK(1)")

        export_subject(HER, tmp_path / "out", at=NOW)

        rows = list(
            csv.DictReader(io.StringIO((tmp_path / "out" / "tables" / "answers.csv").read_text("utf-8")))
        )
        assert rows[0]["kind"] == "'=HYPERLINK(1)"

    def test_it_comes_as_one_file_where_that_is_asked(self, lender, tmp_path):
        (path,) = export_subject(HER, tmp_path / "her.zip", at=NOW)

        assert {"your-data.json", "your-data.html"} <= set(zipfile.ZipFile(path).namelist())

    def test_handing_it_out_stands_in_the_trail(self, lender, tmp_path):
        export_subject(HER, tmp_path / "out", at=NOW, by=CLERK)

        assert AuditRow.objects.get(action="subject_exported").about == surrogate_of(HER)

    def test_of_nobody_there_is_nothing(self, small, tmp_path):
        with pytest.raises(NobodyThere):
            export_subject("nobody", tmp_path / "out", at=NOW)


class TestErasure:
    def test_nothing_leads_to_her_in_the_database(self, lender):
        before = dump()
        missing = [
            it for it in (HER, NAME, PHONE, MAIL, IBAN, "I lost my job at the mill") if it not in before
        ]
        assert missing == []

        erase_subject(HER, NOW, CLERK)

        found = dump()
        assert [it for it in CANARIES if it.lower() in found.lower()] == []
        assert [it for it in (MAIL, PHONE, NAME) if blind(it) in found] == []

    def test_nothing_leads_to_her_in_any_file(self, lender):
        before = bytes_on_disk(lender)
        where = {path.suffix[:3] for path, content in before.items() if HER.encode() in content}
        assert where >= ({".pa", ".db"} if connection.vendor == "sqlite" else {".pa"})

        erase_subject(HER, NOW, CLERK)

        for path, content in bytes_on_disk(lender).items():
            assert [it for it in CANARIES if it.encode() in content] == [], path

    def test_nothing_leads_to_her_in_the_rows_of_any_file(self, lender):
        import polars as pl

        erase_subject(HER, NOW, CLERK)

        for path in lender.rglob("*.parquet"):
            assert HER not in json.dumps(pl.read_parquet(path).to_dicts(), default=str), path

    def test_the_next_night_does_not_bring_her_back(self, lender):
        erase_subject(HER, NOW, CLERK)

        run_nightly(at=NOW + timedelta(days=1))

        for path, content in bytes_on_disk(lender).items():
            assert HER.encode() not in content, path
        assert (
            Decision.objects.filter(person_id=OTHER).exists()
            or Message.objects.filter(person_id=OTHER).exists()
        )

    def test_the_outsider_is_as_before(self, lender):
        facts, messages = rows_of(OTHER), list(Message.objects.filter(person_id=OTHER).values())
        decisions = list(Decision.objects.filter(person_id=OTHER).values())

        erase_subject(HER, NOW, CLERK)

        assert rows_of(OTHER) == facts
        assert list(Message.objects.filter(person_id=OTHER).values()) == messages
        assert list(Decision.objects.filter(person_id=OTHER).values()) == decisions
        assert Address.objects.get(pk="a-other").value == OTHERS_MAIL
        assert Person.objects.get(pk=OTHER).name == "Otto Outsider"

    def test_what_her_guarantor_was_told_stays_the_guarantors_without_her_key(self, lender):
        erase_subject(HER, NOW, CLERK)

        contact = FACTS["contacts"].objects.get(person_id="greta")
        assert contact.subject.startswith("gone-")
        assert FACTS["parties"].objects.get(person_id="greta").loan_id == contact.subject

    def test_the_money_still_adds_up_under_keys_that_stand_for_nobody(self, lender):
        def sums():
            rows = FACTS["instalments"].objects.values_list("principal", "interest", "fees", "paid")
            return sorted(rows), sorted(FACTS["payments"].objects.values_list("amount", flat=True))

        before = sums()
        done = erase_subject(HER, NOW, CLERK)

        assert sums() == before
        loan = FACTS["loans"].objects.exclude(borrower_id=OTHER).get()
        assert loan.borrower_id.startswith("gone-")
        assert {it.loan_id for it in FACTS["instalments"].objects.exclude(loan_id="outsider-loan-1")} == {
            loan.loan_id
        }
        assert done.kept[0].rows == 9
        assert str(done.kept[0].until) == "2036-11-25"
        assert "accounts add up" in " ".join(done.said)

    def test_an_address_that_another_shares_stays_theirs(self, lender):
        address(OTHER, "sms", PHONE, "a-phone")

        erase_subject(HER, NOW, CLERK)

        assert Address.objects.filter(pk="a-phone").exists()
        assert not Address.objects.filter(pk="a-mail").exists()

    def test_the_trail_holds_and_names_a_surrogate_that_leads_nowhere(self, lender):
        surrogate = surrogate_of(HER)

        erase_subject(HER, NOW, CLERK)

        assert verify().holds
        assert AuditRow.objects.filter(about=surrogate, action="person_erased").exists()
        assert not Person.objects.filter(surrogate=surrogate).exists()

    def test_what_two_people_agreed_on_names_her_no_more(self, small):
        from tests.staff import member

        asked = ask(power=Power.ERASE_SUBJECT, what={"person": HER}, by=member("compliance"), at=NOW)
        approve(request=asked, by=member("approver"), at=NOW)

        erase_subject(HER, NOW, CLERK)

        assert HER not in json.dumps(Request.objects.get().what)

    @pytest.mark.parametrize("claim", ["dispute", "complaint", "insolvency", "identity_theft"])
    def test_an_open_claim_comes_first_and_is_said(self, small, claim):
        recorded(held(HER, claim))

        with pytest.raises(NeededForAClaim, match="17"):
            erase_subject(HER, NOW, CLERK)
        assert Person.objects.filter(pk=HER).exists()

    def test_twice_there_is_nobody_left(self, small):
        erase_subject(HER, NOW, CLERK)

        with pytest.raises(NobodyThere):
            erase_subject(HER, NOW, CLERK)

    def test_a_restored_backup_or_an_import_shows_who_has_to_go_again(self, small, tmp_path):
        backup = mirrored(tmp_path / "backup", at=NOW)
        erase_subject(HER, NOW, CLERK)
        assert (come_back(), was_erased([HER, OTHER])) == ([], {HER})

        import_book(backup, source="backup", at=NOW + timedelta(days=1))

        assert come_back() == [HER]
        assert Erasure.objects.count() == 1

    def test_a_file_that_still_holds_her_brings_neither_her_nor_her_loan_back(self, small, tmp_path):
        older_file = mirrored(tmp_path / "older", at=NOW)
        erase_subject(HER, NOW, CLERK)

        done = import_book(older_file, source="bank", at=NOW, who_is_out=was_erased)

        assert list(Person.objects.values_list("pk", flat=True)) == [OTHER]
        assert not FACTS["instalments"].objects.filter(loan_id=f"{HER}-loan-1").exists()
        assert done.set_aside["loans"] == {"erased": 1}
        assert come_back() == []

    def test_her_key_does_not_come_back_by_the_api(self, small, client):
        from tests.web.api import system

        erase_subject(HER, NOW, CLERK)
        bank = system(client, every_branch=True)

        answer = bank.post("facts/borrowers", {"rows": [{"borrower_id": HER, "branch": "north"}]})

        assert answer.json()["refused"][0]["code"] == "erased"


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\0=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\ufeff=1",
    " =1",
    '"=1',
    "'=1",
    "|calc",
    "%0a",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_would_compute_is_made_a_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+371 20000000", "Asha", "", "নাম", "a=b", "2026-01-01"])
def test_a_phone_number_and_plain_text_stay_as_they_are(text):
    assert harmless(text) == text


def test_what_an_address_said_before_anybody_knew_it_for_hers_goes_with_her(lender):
    keep("sms", PHONE, "STOP, I lost my job at the mill", at=NOW)
    keep("sms", "+447700900999", "STOP", at=NOW)

    erase_subject(HER, NOW, CLERK)

    assert [it.sender for it in Unplaced.objects.all()] == ["+447700900999"]
