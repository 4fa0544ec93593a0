"""Every purpose in every language and channel has its words from an ordinary book: what the facts hold is never missing."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from tests.people import (
    AT,
    DAY,
    TODAY,
    applicant,
    card_holder,
    fresh_payments,
    late,
    loan,
    row,
    together,
)
from tests.recording import recorded
from tideover.book.actions import record
from tideover.book.models import Person
from tideover.delivery.guards import guard
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.delivery.words import NothingToSay, compose_all
from tideover.engine.message import MESSAGE_LANGUAGES
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.lists import read_lists
from tideover.strategy import releases
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
LISTS = read_lists()
MONEY = {"en": "GBP", "bn": "BDT", "lv": "EUR", "vi": "VND", "fa": "IRR"}
WHERE = {
    "first_notice": "LV",
    "claim_letter": "DE",
    "debit_notice": "IN",
    "write_off_notice": "BD",
    "adverse_action_notice": "US",
}
ZONES = {
    "GB": "Europe/London",
    "LV": "Europe/Riga",
    "DE": "Europe/Berlin",
    "IN": "Asia/Kolkata",
    "BD": "Asia/Dhaka",
    "US": "America/New_York",
}
OF_APPLICATION = ("application_received", "document_received", "documents_missing", "under_review", "approved", "declined",
                  "disbursed", "adverse_action_notice")  # fmt: skip
SAID_BY_WHOEVER_ACTS = {
    "reply": {"answer": "We looked at it. You are right."},
    "declined": {"decline_reasons": ["Your income is not known to us"]},
    "adverse_action_notice": {"decline_reasons": ["Your income is not known to us"]},
    "default_notice": {"act_by_on": TODAY + 20, "what_follows": "We may ask for the whole loan."},
    "write_off_notice": {"act_by_on": TODAY + 50},
    "correction": {"wrong_on": TODAY - 1},
    "sign_in_code": {"sign_in_code": "123456"},
}
"""What no table of facts holds: somebody decides it and says so with the occasion."""

pytestmark = pytest.mark.django_db


def somebody(name, language, country):
    """Late with a loan whose plan and promise run, and at the end of an application for a second one."""
    new = loan(
        name, number=2, product="car", currency=MONEY[language], disbursed_on=None, annual_rate_ppm=120_000
    )
    steps = [
        row("instalments", loan_id=f"{name}-loan-2", number=n, due_on=TODAY + 30 * n, principal=25_000, interest=900, fees=100, paid=0)
        for n in range(1, 5)
    ]  # fmt: skip
    tied = {"loan_id": f"{name}-loan-1", "person_id": name}
    first = late(name, country=country, zone=ZONES[country], language=language)
    for each in first["loans"]:
        each["currency"] = MONEY[language]
    application = applicant(name, step="approved")["milestones"]
    return together(
        first, new, {"instalments": steps},
        {"milestones": [{**it, "product": "car"} for it in application]},
        {"promises": [row("promises", promise_id=name, **tied, on=TODAY + 2, made_at=AT - DAY, amount=10_000, origin="self")]},
        {"plans": [row("plans", plan_id=name, loan_id=f"{name}-loan-1", kind="split", from_on=TODAY - 1, until_on=TODAY + 60)]},
        {"payments": [row("payments", payment_id=name, loan_id=f"{name}-loan-1", paid_at=AT - 40 * DAY, amount=10_000)]},
    )  # fmt: skip


def channels_of(purpose):
    return LISTS.channels_for(LISTS.purposes[purpose].by)


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def everything():
    """A message of every purpose to a reader of every language by every channel, in the outbox."""
    in_the_outbox(*LISTS.purposes)


def in_the_outbox(*purposes):
    books = [
        somebody(f"{purpose}-{language}", language, WHERE.get(purpose, "GB"))
        for purpose in purposes
        for language in MESSAGE_LANGUAGES
    ]
    recorded(*books, fresh_payments(AT + 3 * DAY))
    Person.objects.update(name="Sam Reed")
    ensure_shipped(at=NOW)
    waiting = []
    for purpose in purposes:
        for language in MESSAGE_LANGUAGES:
            name = f"{purpose}-{language}"
            subject = f"{name}-asks" if purpose in OF_APPLICATION else f"{name}-loan-1"
            for days, channel in enumerate(channels_of(purpose)):
                waiting.append(
                    Decision(
                        decision_id=f"{name}-{channel}", person_id=name, at=NOW, subject=subject, purpose=purpose, policy="gate",
                        step=purpose, channel=channel, treatment="contact", language=language, reasons="asked", tone="plain",
                        send_at=NOW + timedelta(days=days), use_by=NOW + timedelta(days=9), topics=[[subject, purpose]],
                        values=SAID_BY_WHOEVER_ACTS.get(purpose, {}), strategy_hash="s", rules_hash="r", tables_hash="t",
                        content_hash="c", engine_version="e",
                    )
                )  # fmt: skip
    Decision.objects.bulk_create(waiting)
    assert take(at=NOW) == len(waiting)


def refusals():
    """What lacks its words: by what it lacks, purpose, and the languages and channels."""
    found = {}
    for channel in LISTS.channels:
        messages = list(Message.objects.filter(channel=channel).order_by("pk"))
        for start in range(0, len(messages), 400):
            guarded = guard(messages[start : start + 400], at=NOW)
            for key, said in compose_all(guarded.verdicts, guarded).items():
                if isinstance(said, NothingToSay):
                    found.setdefault(str(said), set()).add(key)
    return found


def own_content(folder):
    """What a lender writes who tells all terms, makes plans and collects for somebody else."""
    every = dict.fromkeys(MESSAGE_LANGUAGES, "A")
    claim = ("claim_client", "claim_ground", "claim_interest", "claim_interest_note", "claim_costs", "claim_vat", "claim_address_source",
             "claim_supervisor")  # fmt: skip
    shipped = yaml.safe_load((SHIPPED / "values.yaml").read_text("utf-8"))
    shipped["purposes"]["claim_letter"]["words"] = dict.fromkeys(claim, every)
    shipped["purposes"]["plan_agreed"] = {"words": {"plan_effects": every}}
    shipped["products"] = {"any": {"withdrawal": every, "late_charges": []}}
    whatever = "[{id: '1107', text: '{#var#}'}]"
    (folder / "registered.yaml").write_text(
        "\n".join(f"debit_notice/{it}: {whatever}" for it in MESSAGE_LANGUAGES)
    )
    (folder / "values.yaml").write_text(yaml.safe_dump(shipped, allow_unicode=True))
    return folder


def test_whatever_the_facts_hold_is_never_missing(everything, settings, tmp_path):
    settings.CONTENT = own_content(tmp_path)

    assert refusals() == {}


def test_as_shipped_only_what_a_lender_must_say_first_goes_to_a_person(everything):
    lacking = {key.rsplit("-", 2)[0] for keys in refusals().values() for key in keys}

    assert lacking == {"approved", "plan_agreed", "claim_letter", "debit_notice"}
    assert all("terms.charges, terms.withdrawal" in it for it in refusals() if "approved" in it)


def composed(purpose, language="en", channel="email", at=NOW):
    message = Message.objects.get(contact_id=f"{purpose}-{language}-{channel}")
    guarded = guard([message], at=at)
    (said,) = compose_all(guarded.verdicts, guarded).values()
    return said


def words_of(purpose, language="en", channel="email"):
    said = composed(purpose, language, channel)
    return said if isinstance(said, NothingToSay) else said.words.text


def test_an_approval_carries_every_term_of_the_loan_in_every_language(settings, tmp_path):
    in_the_outbox("approved")
    settings.CONTENT = own_content(tmp_path)

    for language in MESSAGE_LANGUAGES:
        rows = [len(it.lines) for it in composed("approved", language).words.blocks if it.kind == "rows"]
        assert rows == [6, 1, 4]  # what it costs, fees, payments


def test_the_terms_are_those_of_the_facts(settings, tmp_path):
    in_the_outbox("approved")
    settings.CONTENT = own_content(tmp_path)

    said = words_of("approved")

    for told in (
        "£1,000.00",
        "12.0%",
        "20.69%",
        "£40.00",
        "£1,040.00",
        "£4.00",
        "Friday 25 December: £260.00",
    ):
        assert told in said


def test_terms_that_contradict_the_loan_or_could_be_anothers_are_not_told(settings, tmp_path):
    in_the_outbox("approved")
    settings.CONTENT = own_content(tmp_path)
    steps = {"number": 1, "due_on": TODAY + 30, "principal": 1, "interest": 1, "fees": 1, "paid": 0}
    record("instalments", [{**steps, "loan_id": "approved-en-loan-2"}], source="t", at=NOW)
    third = loan("approved-lv", number=3, product="car", currency="EUR", disbursed_on=None)["loans"]
    record("loans", third, source="t", at=NOW)

    assert "schedule" in words_of("approved", "en")
    assert "lacks terms" in words_of("approved", "lv")


def test_a_firm_word_says_by_when_and_what_follows_and_threatens_nothing():
    in_the_outbox("firm_notice")
    said = words_of("firm_notice")

    assert "before Friday 11 December, this follows: A person looks at the whole loan" in said
    assert "letter from us" in said


def test_a_legal_time_counts_from_the_day_on_which_a_notice_that_was_held_back_leaves(settings, tmp_path):
    in_the_outbox("first_notice")
    planned = Message.objects.get(contact_id="first_notice-lv-letter").send_at

    in_time, held_back = (
        composed("first_notice", "lv", "letter", at=planned + timedelta(days=days)).words.text
        for days in (0, 3)
    )

    assert said_until(planned) in in_time
    assert said_until(planned + timedelta(days=3)) in held_back


def said_until(leaves_at):
    """Four weeks from a day, as a letter in Latvian says it."""
    until = leaves_at + timedelta(days=28)
    return f"{until.day}. {'decembrī' if until.month == 12 else 'janvārī'}."


def test_of_a_loan_that_is_not_hers_to_know_nothing_is_said():
    in_the_outbox("plan_eve", "survey")
    tie = {
        "loan_id": "plan_eve-en-loan-1",
        "person_id": "survey-en",
        "role": "guarantor",
        "may_be_told": "own_part",
    }
    record("parties", [tie], source="t", at=NOW)
    Message.objects.filter(contact_id="survey-en-app").update(
        subject="plan_eve-en-loan-1", purpose="plan_agreed"
    )

    said = words_of("survey", channel="app")

    assert "plan_payments" in said
    assert "plan_from_on" in said


def test_a_card_of_which_only_month_ends_are_known_has_its_notice_without_a_due_day():
    in_the_outbox("arrears_notice")
    recorded(card_holder("card"))
    Message.objects.filter(contact_id="arrears_notice-en-email").update(
        person_id="card", subject="card-loan-1"
    )

    said = words_of("arrears_notice")

    assert "£100.00 is open." in said
    assert "was due" not in said.split("is open.")[1].split("What can help")[0]


@pytest.fixture
def as_agent(settings):
    settings.ACTS_AS = "agent"
    releases._setup.cache_clear()
    yield
    releases._setup.cache_clear()


def test_a_collectors_first_letter_names_everything_that_the_law_lists(
    as_agent, everything, settings, tmp_path
):
    settings.ACTS_AS, settings.CONTENT = "agent", own_content(tmp_path)

    said = words_of("claim_letter", channel="letter")

    assert said.count("A\n") >= 6


def test_what_a_network_did_not_register_word_for_word_does_not_leave(settings, tmp_path):
    in_the_outbox("debit_notice")
    settings.CONTENT = own_content(tmp_path)
    registered = tmp_path / "registered.yaml"

    said = composed("debit_notice", channel="sms").words.text
    assert composed("debit_notice", channel="sms").template_id == "1107"

    registered.write_text(yaml.safe_dump({"debit_notice/en": [{"id": "9", "text": f"{said} Sincerely, us"}]}))
    assert str(composed("debit_notice", channel="sms")) == "not_as_registered@in_sms_template"

    registered.write_text("debit_notice/en: '1107'")
    assert str(composed("debit_notice", channel="sms")) == "registered_unreadable@in_sms_template"

    registered.unlink()
    assert str(composed("debit_notice", channel="sms")) == "no_registered_template@in_sms_template"
