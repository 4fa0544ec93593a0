"""Every page of a borrower, in her language and direction, narrow and wide, with scripts and without.

A sample here; all of it with TIDEOVER_EVERY=1, with pictures where TIDEOVER_PICTURES names a folder (`make pictures`).
"""

import os
from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.crawling import Look, crawled
from tests.people import AT, TODAY, fresh_payments, loan, reachable, row, schedule, someone, together
from tests.portal import signed_in_as
from tests.recording import recorded
from tests.staff import member
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import a_message
from tideover.access.sealing import blind
from tideover.book.applications.models import Application
from tideover.book.models import Address, Person
from tideover.kit.money import Money
from tideover.repayment.terms.before import offer_terms
from tideover.repayment.terms.schedule import Wanted
from tideover.repayment.ways.intents import opened
from tideover.strategy.releases import ensure_shipped
from tideover.support.voice.models import PowerToAct

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.fromtimestamp(AT, UTC)
PLACES = {
    "en": ("GB", "Europe/London", "GBP", "Mary Price"), "bn": ("BD", "Asia/Dhaka", "BDT", "আশা রহমান"),
    "lv": ("LV", "Europe/Riga", "EUR", "Elīna Bērziņa"), "vi": ("VN", "Asia/Ho_Chi_Minh", "VND", "Nguyễn Linh"),
    "fa": ("IR", "Asia/Tehran", "IRR", "سارا احمدی"),
}  # fmt: skip
"""Country, clock, currency and name."""

EVERY = [
    Look(language, width, scripts, scheme)
    for language in PLACES
    for width in (320, 1280)
    for scripts, scheme in ((True, "light"), (True, "dark"), (False, "light"))
]
SAMPLE = [Look("fa", 320, True), Look("bn", 1280, False, "dark")]
LOOKS = EVERY if os.environ.get("TIDEOVER_EVERY") else SAMPLE
STRANGERS = ("/me/sign-in/", "/me/check/", "/me/death/", "/me/talk/", "/me/offline/")


def a_borrower(language):
    """Two loans of hers, one a little late, a loan she stands for, and a message that she got."""
    country, zone, currency, name = PLACES[language]
    days = [TODAY - 64 + 30 * n for n in range(8)]
    book = together(
        someone("sara", language=language, country=country, timezone=zone),
        someone("other", language=language, country=country, timezone=zone),
        reachable("sara"), reachable("other"),
        loan("sara", currency=currency, annual_rate_ppm=180_000),
        schedule("sara", days, lags=[0, 1]),
        loan("sara", number=2, currency=currency, product="phone", annual_rate_ppm=0),
        schedule("sara", [TODAY + 12 + 30 * n for n in range(3)], number=2),
        loan("other", currency=currency, annual_rate_ppm=180_000),
        schedule("other", days, lags=[0, 0, 0]),
        {"parties": [row("parties", loan_id="other-loan-1", person_id="sara", role="guarantor", may_be_told="own_part")]},
        fresh_payments(AT + 86_400 * 3),
    )  # fmt: skip
    book["contact_points"] = [
        {**it, "address_id": f"{it['person_id']}-{it['channel']}"} for it in book["contact_points"]
    ]
    recorded(book, at=NOW - timedelta(days=1))
    Address.objects.create(
        address_id="sara-email", channel="email", value="sara@example.org", index=blind("sara@example.org")
    )
    Person.objects.filter(pk="sara").update(name=name)
    a_message("sara", language=language, state="accepted", ended_at=NOW - timedelta(hours=3))
    ensure_shipped(at=NOW - timedelta(days=1))
    terms_to_read("sara", currency)
    acts_for("other", "sara")


def a_payment(language):
    """One that she began, of as many digits as amounts have in her country and more. The code of its page."""
    dollars = Money(13_875_300, "USD" if language == "bn" else PLACES[language][2])
    return opened("sara-loan-2", dollars, "branch", "once", NOW, person_id="sara").code


def terms_to_read(person, currency):
    """A yes with all terms, before there is a loan."""
    application = Application.objects.create(
        application_id="a-1", person_id=person, product="personal", currency=currency, amount=1_200_000, answers="{}",
        state="approved", begun_at=NOW,
    )  # fmt: skip
    days = {"first_on": NOW.date() + timedelta(days=31), "paid_out_on": NOW.date()}
    wanted = Wanted(1_200_000, currency, 180_000, 12, "monthly", fee=1_000, **days)
    offer_terms(application=application, wanted=wanted, by=member("lead", every_branch=True), at=NOW)


def acts_for(person, acts):
    """She acts for somebody else, who lets her see and agree."""
    PowerToAct.objects.create(
        once="p-1", person_id=person, acts_id=acts, name="Sara", reach="sara@example.org", may=["see", "agree"], given_at=NOW,
        until_on=NOW.date() + timedelta(days=90),
    )  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_she_can_reach_is_whole(browser, live_server, client, look, monkeypatch):
    monkeypatch.setenv("TIDEOVER_PAY_BRANCH", "12 Quay Street, Monday to Friday 9 to 16")
    a_borrower(look.language)
    payment = f"/me/pay/i/{a_payment(look.language)}/"
    signed_in_as(client, "sara", language=look.language)
    context = browser.new_context(java_script_enabled=look.scripts, locale=look.language)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    found = crawled(context, live_server.url, look, ("/me/", payment, f"{payment}receipt/"))
    context.close()

    assert found.wrong == []
    assert len(found.pages) > 20
    assert "/me/applications/a-1/terms/" in found.pages
    assert any(it.startswith("/me/adviser/for/") and "/helps/" in it for it in found.pages)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_for_strangers_is_whole(browser, live_server, look):
    context = browser.new_context(java_script_enabled=look.scripts, locale=look.language)

    found = crawled(context, live_server.url, look, STRANGERS, most=20, who="stranger")
    context.close()

    assert found.wrong == []
    assert set(STRANGERS) <= set(found.pages)
