"""What leads to her by a side door goes too: a row that names nobody, a row of a stranger, the trail, a session, words of consents."""

import hashlib
import json
import re
from datetime import timedelta
from importlib import import_module

import polars as pl
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from tests.delivery.test_privacy import (
    CLERK,
    HER,
    NOW,
    OTHER,
    dump,
    lender,  # noqa: F401 - a fixture by its name
    small,  # noqa: F401 - the same
)
from tests.people import late, together
from tests.portal import signed_in_as
from tests.recording import recorded
from tests.staff import member
from tideover.access.audit import verify
from tideover.access.clock import now
from tideover.access.models import AuditRow
from tideover.book.actions import record
from tideover.book.beside import take_beside
from tideover.book.models import FACTS, ConsentText
from tideover.delivery.privacy.daily import forget_if_due
from tideover.delivery.privacy.erasing import erase_subject
from tideover.delivery.privacy.exporting import export_subject
from tideover.kit.money import Money
from tideover.repayment.ways.models import Intent
from tideover.repayment.ways.receipts import take_cash
from tideover.support.models import Case

HER_LOAN = f"{HER}-loan-1"

pytestmark = pytest.mark.django_db(transaction=True)


def names_her(text):
    return [line for line in text.splitlines() if HER in line]


@pytest.fixture
def promise_of_nobody():
    """Her core system tells who promised for no promise."""
    row = {"promise_id": f"p-{HER}", "loan_id": HER_LOAN, "amount": 4242, "on": NOW.date(), "made_at": NOW}
    record("promises", [row], source="bank", at=NOW)


@pytest.mark.usefixtures("small", "promise_of_nobody")
class TestAPromiseThatNamesNobody:
    def test_is_handed_to_her_whose_loan_it_is(self, tmp_path):
        export_subject(HER, tmp_path / "out", at=NOW)

        told = json.loads((tmp_path / "out" / "your-data.json").read_text("utf-8"))
        assert [it["amount"] for it in told["promises"]] == [4242]

    def test_goes_with_her_and_out_of_every_file(self, small):  # noqa: F811
        from tideover.book.mirror import mirrored

        mirrored(small / "mirror", at=NOW + timedelta(hours=1))

        erase_subject(HER, NOW, CLERK)

        assert [*names_her(dump()), *(it for it in dump().splitlines() if "4242" in it)] == []
        files = [
            it
            for it in small.rglob("*.parquet")
            if re.search(f"{HER}|4242", str(pl.read_parquet(it).to_dicts()))
        ]
        assert files == []


@pytest.mark.usefixtures("lender")
class TestRowsOfStrangers:
    """Somebody who has no part in her loan, and rows that name it all the same."""

    def test_what_was_said_with_a_stranger_about_her_loan_loses_its_key(self):
        row = {
            "conversation_id": "c9", "person_id": OTHER, "loan_id": HER_LOAN, "channel": "call", "at": NOW, "by": "them",
            "outcome": "talked",
        }  # fmt: skip
        record("conversations", [row], source="bank", at=NOW)

        erase_subject(HER, NOW, CLERK)

        assert FACTS["conversations"].objects.get(conversation_id="c9").loan_id.startswith("gone-")
        assert names_her(dump()) == []

    @pytest.mark.parametrize("who", [OTHER, ""])
    def test_what_a_stranger_began_to_pay_on_her_loan_loses_its_key(self, who):
        Intent.objects.create(
            code="i1", once="i1", loan_id=HER_LOAN, person_id=who, amount=100, currency="GBP", way="transfer", begun_at=NOW,
        )  # fmt: skip
        Case.objects.create(
            kind="question",
            person_id=OTHER,
            subject=HER_LOAN,
            from_row="x9",
            due_on=NOW.date(),
            opened_at=NOW,
            owner="bob",
        )

        erase_subject(HER, NOW, CLERK)

        assert Intent.objects.get(person_id=who).loan_id.startswith("gone-")
        assert names_her(dump()) == []


@pytest.mark.parametrize("key", ["Loan 7", "Кредит-7", HER_LOAN])
def test_cash_is_taken_on_a_loan_of_any_key_and_the_trail_does_not_tell_it(settings, tmp_path, key):
    settings.DATA = tmp_path / "data"
    book = together(late(HER))
    for rows in book.values():
        for row in rows:
            if row.get("loan_id"):
                row["loan_id"] = key
    recorded(book)

    made = take_cash(loan_id=key, amount=Money(500, "GBP"), by=member("lead", "north"), at=NOW, once="o1")
    noted = AuditRow.objects.get(action="cash_taken")
    erase_subject(HER, NOW + timedelta(days=1), CLERK)

    assert noted.detail == {"receipt": made.pk}
    assert [it for it in dump().splitlines() if key in it] == []
    assert verify().holds


class TestSessions:
    def test_hers_end_with_her_and_nobody_elses(self, client, small):  # noqa: F811
        signed_in_as(client, HER, at=now())
        hers = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies.clear()
        signed_in_as(client, OTHER, at=now())

        erase_subject(HER, NOW, CLERK)

        left = Session.objects.get()
        assert left.session_key != hers
        assert left.get_decoded()["borrower"]["person_id"] == OTHER

    def test_those_that_are_over_are_cleared_once_a_day(self):
        store = import_module(settings.SESSION_ENGINE).SessionStore
        for minutes in (-5, 5):
            session = store()
            session["borrower"] = {"person_id": HER}
            session.set_expiry(now() + timedelta(minutes=minutes))
            session.save()

        assert forget_if_due(at=now()) == 1
        assert forget_if_due(at=now()) == 0
        assert Session.objects.count() == 1


def test_words_that_only_she_agreed_to_do_not_come_back_with_the_next_file(small, tmp_path):  # noqa: F811
    text = "Yes, I Zuleikha Mirzoyan agree"
    key = hashlib.sha256(text.encode()).hexdigest()
    pl.DataFrame({"language": ["en"], "text": [text]}).write_parquet(tmp_path / "consent_words.parquet")
    row = {"person_id": HER, "channel": "all", "purpose_class": "lesson", "granted_at": NOW, "text_hash": key}
    record("consents", [row], source="t", at=NOW)
    take_beside(tmp_path, address_kinds={}, at=NOW)
    assert ConsentText.objects.get().text == text

    erase_subject(HER, NOW, CLERK)
    again = take_beside(tmp_path, address_kinds={}, at=NOW)

    assert not ConsentText.objects.exists()
    assert again["consent_words"].set_aside["No consent names these words."] == 1
