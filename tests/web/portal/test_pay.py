"""She pays in her own way; somebody else pays for her and learns nothing; what is saved she sees and ends herself."""

import re
from datetime import timedelta

import pytest

from tests.people import AT, TODAY, guarantor_of, late, loan, outsider, row, someone, together
from tests.portal import signed_in_as
from tests.recording import NOW, recorded
from tests.repayment.ways.connected import environ, gateway_post, stripe_event, stripe_post
from tests.web.scene import clock_at
from tideover.access.models import AuditRow
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment.loans import loan_of
from tideover.repayment.ways.links import make_link
from tideover.repayment.ways.models import Debit, Intent, Mandate, PayLink, ProviderEvent
from tideover.repayment.ways.references import in_groups, reference_of

__all__ = ["environ"]
pytestmark = pytest.mark.django_db
LOAN, LATER = "asha-loan-1", NOW + timedelta(hours=1)
PAGE = f"/me/pay/{LOAN}/"
IBAN = "LV80BANK0000435195001"


@pytest.fixture
def asha(environ, client):
    """An instalment of 100.00 ten days ago, two to come; in euros."""
    steps = [
        row("instalments", loan_id=LOAN, number=place, due_on=TODAY - 10 + 30 * place, principal=10_000, interest=0, fees=0, paid=0)
        for place in range(3)
    ]  # fmt: skip
    recorded(
        together(
            someone("asha", country="LV"),
            loan("asha", currency="EUR"),
            {"instalments": steps},
            outsider("far"),
            late("joan"),
        )
    )
    return signed_in_as(client, "asha")


def text_of(answer):
    plain = re.sub("[\u2066-\u2069]", "", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", plain).split())


def begun(client, way="transfer", amount="10000", once="one"):
    return client.post(f"{PAGE}way/", {"amount": amount, "way": way, "once": once})


def paid():
    return sum(it.paid for it in loan_of(LOAN, "asha", LATER).instalments)


# --- her own payment


def test_where_there_is_one_loan_she_is_asked_how_much_at_once(asha):
    page = asha.get("/me/pay/", follow=True)

    assert page.redirect_chain[-1][0] == PAGE
    assert "What is open from before: €100.00" in text_of(page)
    assert "Everything that is left" in text_of(page)


@pytest.mark.parametrize(
    ("form", "minor"),
    [
        ({"choice": "overdue"}, 10_000),
        ({"choice": "other", "amount": "12,50"}, 1_250),
        ({"choice": "other", "amount": "€ 40"}, 4_000),
        ({"choice": "overdue", "amount": "40"}, 4_000),
        ({"choice": "other", "amount": "১২.৫"}, 1_250),
    ],
)
def test_any_amount_up_to_the_whole_may_be_paid(asha, form, minor):
    assert asha.post(PAGE, form).url == f"{PAGE}way/?amount={minor}"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write an amount"),
        ("a lot", "Write an amount"),
        ("0", "Write an amount"),
        ("-5", "Write an amount"),
        ("1e3", "Write an amount"),
        ("300.01", "The most is"),
    ],
)
def test_what_cannot_be_paid_is_said_and_stays_as_it_was_typed(asha, typed, says):
    page = asha.post(PAGE, {"choice": "other", "amount": typed})

    assert page.status_code == 422
    assert says in text_of(page)
    assert f'value="{typed}"' in page.content.decode()


def test_a_transfer_has_a_code_lines_to_copy_and_one_reference(asha):
    answer = begun(asha)
    page = asha.get(answer.url)

    shown = page.content.decode()
    assert 'src="data:image/svg+xml' in shown
    assert in_groups(reference_of(LOAN)) in shown
    assert 'value="100.00"' in shown
    assert "style=" not in shown.split("<main", 1)[1]


def test_i_have_paid_shows_at_once_as_on_its_way_and_twice_is_once(asha):
    address = begun(asha).url
    first = asha.post(address, follow=True)
    asha.post(address)
    begun(asha)

    assert "On its way" in text_of(first)
    assert [it.state_at for it in FACTS["payments"].objects.all()] == [None]
    assert Intent.objects.count() == 1
    assert paid() == 0


def test_looking_begins_nothing(asha):
    for page in (PAGE, f"{PAGE}way/?amount=10000", "/me/pay/mandates/", "/me/pay/for-me/"):
        asha.get(page, follow=True)

    assert not Intent.objects.exists()
    assert not FACTS["payments"].objects.exists()


def test_the_way_she_took_last_comes_first(asha):
    asha.post(begun(asha, way="branch").url)

    page = asha.get(f"{PAGE}way/?amount=500").content.decode()

    assert page.index('value="branch"') < page.index('value="transfer"')
    assert "(as last time)" in page


def test_ways_of_other_countries_are_not_offered(asha):
    page = asha.get(f"{PAGE}way/?amount=500").content.decode()

    assert not any(f'value="{it}"' in page for it in ("upi", "vietqr", "banglaqr", "bill_id"))


@pytest.mark.parametrize("address", ["", "way/?amount=500"])
def test_nobody_pays_for_a_loan_that_is_not_hers(asha, client, address):
    for who in ("far", "joan"):
        signed_in_as(client, who)

        assert client.get(f"{PAGE}{address}").status_code == 404


def test_nobody_else_sees_her_payment(asha, client):
    address = begun(asha).url
    signed_in_as(client, "far")

    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert client.get(f"{address}receipt/").status_code == 404


def test_a_guarantor_who_may_know_a_part_alone_is_not_shown_the_whole(asha, client):
    recorded(guarantor_of("asha", may_be_told="own_part"))
    signed_in_as(client, "guarantor")

    assert client.get(PAGE).status_code == 404


def test_strangers_sign_in_first(client, environ):
    assert client.get("/me/pay/").url.startswith("/me/sign-in/")


def test_a_few_queries_whatever_the_loans(asha, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        asha.get(f"{PAGE}way/?amount=500")


# --- what providers tell


def test_a_webhook_moves_her_page_from_waiting_to_arrived(asha, client):
    made = Intent.objects.get(code=begun(asha, way="agent_network").url.split("/")[-2])
    body, headers = gateway_post(
        {
            "id": "g1",
            "kind": "paid",
            "amount": 10_000,
            "currency": "EUR",
            "payment": made.code,
            "at": NOW.isoformat(),
        }
    )

    answer = client.post("/in/pay/agent_network", body, content_type="application/json", headers=headers)

    assert answer.status_code == 200
    assert "Thank you, it has arrived" in text_of(asha.get(f"/me/pay/i/{made.code}/receipt/"))
    assert paid() == 10_000


def test_forged_stale_and_unknown_webhooks_change_nothing(asha, client):
    event = stripe_event("checkout.session.completed", {"object": "checkout.session"}, number=1)

    def post(way, told):
        return client.post(f"/in/pay/{way}", told[0], content_type="application/json", headers=told[1])

    assert post("card", stripe_post(event, secret=b"whsec_of_somebody_else_here")).status_code == 403
    assert post("card", stripe_post(event, at=NOW - timedelta(minutes=6))).status_code == 403
    assert post("card", (b"{}", {})).status_code == 403
    assert post("nowhere", (b"{}", {})).status_code == 404
    assert client.get("/in/pay/card").status_code == 405
    assert not ProviderEvent.objects.exists()


# --- somebody else pays


@pytest.fixture
def link(asha):
    answer = asha.post(
        f"{PAGE.replace('/pay/', '/pay/for-me/')}",
        {"asks": "Asha", "amount": "100", "word": "the roof", "once": "one"},
    )
    return PayLink.objects.get(pk=int(answer.url.split("/")[-2]))


def payer_pays(client, link, amount, once):
    page = f"/p/{link.token}"
    address = client.post(f"{page}/way/", {"amount": str(amount), "way": "transfer", "once": once}).url
    return client.post(address, follow=True)


def test_whoever_pays_for_her_sees_a_name_an_amount_and_her_word_and_nothing_of_a_debt(link, client):
    client.session.flush()
    client.cookies.clear()
    pages = [
        client.get(f"/p/{link.token}"),
        client.get(f"/p/{link.token}/way/?amount=10000"),
        payer_pays(client, link, 2_500, "a"),
    ]
    address = client.post(f"/p/{link.token}/way/", {"amount": "1000", "way": "transfer", "once": "b"}).url
    pages.append(client.get(address))

    for page in pages:
        shown = text_of(page).lower()
        assert page.status_code == 200
        assert not re.search(
            r"\b(loan|debt|instalment|overdue|owe|borrow|credit(?!\b)|lend|late)\w*",
            shown.replace("harbour credit", ""),
        )
        assert LOAN not in page.content.decode()
        assert "personal" not in shown
    assert "Asha" in text_of(pages[0])
    assert "the roof" in text_of(pages[0])


def test_several_people_pay_one_instalment_in_parts_and_then_the_link_has_ended(link, client):
    payer_pays(client, link, 6_000, "one")
    payer_pays(client, link, 6_000, "one")
    assert "€40.00" in text_of(client.get(f"/p/{link.token}"))
    assert (
        client.post(f"/p/{link.token}/way/", {"amount": "4001", "way": "transfer", "once": "two"}).url
        == f"/p/{link.token}"
    )
    payer_pays(client, link, 4_000, "three")

    assert client.get(f"/p/{link.token}").status_code == 410
    assert sorted(it.amount for it in FACTS["payments"].objects.all()) == [4_000, 6_000]
    assert AuditRow.objects.filter(action="pay_link_used").count() == 2


def test_a_link_ends_after_a_fortnight_or_when_she_likes(link, client, settings, tmp_path):
    page = f"/p/{link.token}"
    clock_at(settings, tmp_path, NOW + timedelta(days=14))
    assert client.get(page).status_code == 410

    clock_at(settings, tmp_path, NOW)
    assert client.get(page).status_code == 200
    client.cookies.clear()
    signed_in_as(client, "far")
    assert client.post(f"/me/pay/for-me/link/{link.pk}/").status_code == 404
    signed_in_as(client, "asha")
    client.post(f"/me/pay/for-me/link/{link.pk}/")
    assert client.get(page).status_code == 410


def test_a_token_that_was_guessed_opens_nothing(client, environ):
    assert client.get("/p/not-a-token-at-all").status_code == 404


def test_a_card_number_typed_into_a_text_of_hers_is_not_kept(asha):
    made = make_link(
        loan=loan_of(LOAN, "asha", NOW), person_id="asha", amount=Money(100, "EUR"), asks="4242 4242 4242 4242",
        word="۴۲۴۲۴۲۴۲۴۲۴۲۴۲۴۲", once="x", at=NOW,
    )  # fmt: skip

    assert "4242 4242" not in made.asks
    assert "۴۲۴۲۴۲۴۲۴۲۴۲" not in made.word


def test_what_is_wrong_with_a_link_is_said_beside_its_fields(asha):
    page = asha.post("/me/pay/for-me/" + LOAN + "/", {"asks": "", "amount": "5000", "word": "x", "once": "o"})

    assert page.status_code == 422
    assert "The most is" in text_of(page)
    assert 'value="5000"' in page.content.decode()


# --- mandates


def given(client, **about):
    known = {"account": "LV80 BANK 0000 4351 9500 1", "holder": "Asha Rahman", "once": "one", **about}
    return client.post(f"/me/pay/mandates/give/{LOAN}/", known)


def test_a_mandate_is_given_seen_paused_moved_ended_and_each_is_undone(asha):
    given(asha)
    given(asha)
    made = Mandate.objects.get()
    state = lambda: (Mandate.objects.get().state, Mandate.objects.get().days_later)  # noqa: E731
    page = f"/me/pay/mandates/{made.umr}"

    assert "From the account ending in 5001" in text_of(asha.get("/me/pay/mandates/")).replace(
        "\u2068", ""
    ).replace("\u2069", "")
    assert IBAN not in asha.get("/me/pay/mandates/").content.decode()
    for do, body, now_is in (
        ("pause", {}, ("paused", 0)),
        ("move", {"days": "3"}, ("active", 3)),
        ("end", {}, ("ended", 0)),
    ):
        asha.post(f"{page}/{do}/", body)
        assert state() == now_is
        asha.post(f"{page}/undo/")
        assert state() == ("active", 0)


def test_what_is_taken_next_is_told_with_amount_and_day(asha):
    given(asha)
    on = NOW.date() + timedelta(days=20)
    Debit.objects.create(
        end_to_end="e", mandate=Mandate.objects.get(), number=2, amount=10_000, due_on=on, noticed_at=NOW
    )

    assert "Next: €100.00, on Tuesday 15 December" in text_of(asha.get("/me/pay/mandates/"))


def test_a_change_is_not_undone_after_its_day(asha, settings, tmp_path):
    given(asha)
    page = f"/me/pay/mandates/{Mandate.objects.get().umr}"
    asha.post(f"{page}/end/")
    clock_at(settings, tmp_path, NOW + timedelta(days=2))
    signed_in_as(asha, "asha", at=NOW + timedelta(days=2))
    asha.post(f"{page}/undo/")

    assert Mandate.objects.get().state == "ended"


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"account": "LV81BANK0000435195001"}, "cannot be right"),
        ({"holder": " "}, "name of the account holder"),
    ],
)
def test_a_mandate_with_a_mistake_is_refused_in_words(asha, about, says):
    page = given(asha, **about)

    assert page.status_code == 422
    assert says in text_of(page)
    assert not Mandate.objects.exists()


def test_money_is_not_moved_without_a_fresh_proof(asha, client):
    signed_in_as(client, "asha", proven=False)

    assert given(client).url.startswith("/me/prove/")


def test_nobody_touches_the_mandate_of_another(asha, client):
    given(asha)
    page = f"/me/pay/mandates/{Mandate.objects.get().umr}"
    signed_in_as(client, "far")

    assert client.post(f"{page}/end/").status_code == 404
    assert client.get(f"{page}/move/").status_code == 404
    assert "5001" not in client.get("/me/pay/mandates/").content.decode()


@pytest.mark.parametrize("language", ["en", "bn", "lv", "vi", "fa"])
def test_every_page_speaks_her_language(asha, client, language):
    signed_in_as(client, "asha", language=language)
    address = begun(client, once=language).url
    for page in (
        PAGE,
        f"{PAGE}way/?amount=500",
        address,
        "/me/pay/mandates/",
        f"/me/pay/for-me/{LOAN}/",
        f"/me/pay/mandates/give/{LOAN}/",
    ):
        shown = client.get(page)
        assert shown.status_code == 200
        assert f'lang="{language}"' in shown.content.decode()
    assert AT
