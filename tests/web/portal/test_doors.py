"""Coming in: a code, once, to an address we know; and the same answer for everybody who asks."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests.people import reachable, someone, together
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import a_message, clock_at
from tideover.access.borrowers.models import SignInRequest
from tideover.access.sealing import blind, opened_text, sealed_text
from tideover.book.models import FACTS, Address, ConsentText, Person
from tideover.delivery.checking import dismiss, report, warn_of
from tideover.delivery.models import Reported
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.web.portal.doors.codes import send_codes

pytestmark = pytest.mark.django_db
PHONE = "+447700900123"


@pytest.fixture(autouse=True)
def joan(clock):  # noqa: F811
    book = together(someone("joan"), reachable("joan", "sms"), someone("mum"), reachable("mum", "email"))
    book["contact_points"] = [
        {**it, "address_id": f"{it['person_id']}-{it['channel']}"} for it in book["contact_points"]
    ]
    recorded(book, at=NOW - timedelta(days=1))
    for key, channel, value in (("joan-sms", "sms", PHONE), ("mum-email", "email", "mum@example.org")):
        Address.objects.create(address_id=key, channel=channel, value=value, index=blind(value))
    Person.objects.filter(pk="joan").update(name="Joan Price")
    ensure_shipped(at=NOW - timedelta(days=1))


def asked_for(client, address=PHONE, **about):
    return client.post("/me/sign-in/", {"address": address, **about})


def code_sent():
    sent = Decision.objects.filter(purpose="sign_in_code").latest("pk")
    return opened_text(sent.values["sign_in_code"])


def came_in(client):
    return client.get("/me/devices/").status_code == 200


def test_a_code_lets_her_in_once(client):
    asked_for(client, "07700 900123".replace("0", "+44", 1), next="/me/devices/")
    send_codes(at=NOW)

    done = client.post("/me/code/", {"code": code_sent()})

    assert done.headers["Location"] == "/me/devices/"
    assert came_in(client)
    other = Client()
    session = other.session
    session["asked_for_code"] = SignInRequest.objects.get().key
    session.save()
    assert other.post("/me/code/", {"code": code_sent()}).status_code == 422
    assert not came_in(other)


def test_whoever_asks_is_answered_alike(client):
    known, unknown = asked_for(client), asked_for(Client(), "+447700900999")

    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert SignInRequest.objects.count() == 2
    assert send_codes(at=NOW) == 2
    assert [it.person_id for it in Decision.objects.all()] == ["joan"]


def test_the_code_lies_sealed_and_as_a_hash(client):
    asked_for(client)
    send_codes(at=NOW)

    code = code_sent()

    assert code not in str(list(SignInRequest.objects.values()))
    assert code not in str(list(Decision.objects.values_list("values", flat=True)))


def test_five_wrong_codes_are_enough(client):
    asked_for(client)
    send_codes(at=NOW)
    right = code_sent()
    for _ in range(5):
        client.post("/me/code/", {"code": "000000" if right != "000000" else "111111"})

    assert client.post("/me/code/", {"code": right}).status_code == 422
    assert not came_in(client)


def test_a_code_ends_after_ten_minutes(client, settings, tmp_path):
    asked_for(client)
    send_codes(at=NOW)
    clock_at(settings, tmp_path, NOW + timedelta(minutes=11))

    assert client.post("/me/code/", {"code": code_sent()}).status_code == 422


def test_a_fourth_code_within_an_hour_is_not_sent_and_nobody_is_told(client):
    answers = {asked_for(client).status_code for _ in range(4)}
    send_codes(at=NOW)

    assert answers == {302}
    assert SignInRequest.objects.exclude(people=[]).count() == 3


def test_a_seventh_code_within_a_day_is_not_sent(client, settings, tmp_path):
    for hour in range(7):
        clock_at(settings, tmp_path, NOW + timedelta(hours=2 * hour))
        asked_for(client)
        send_codes(at=NOW + timedelta(hours=2 * hour))

    assert SignInRequest.objects.exclude(people=[]).count() == 6


def test_digits_of_any_script_are_read(client):
    asked_for(client)
    send_codes(at=NOW)

    typed = code_sent().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert client.post("/me/code/", {"code": typed}).status_code == 302


def test_of_several_who_share_a_phone_the_number_of_a_loan_tells_who_is_here(client):
    from tests.people import loan

    shared = together(someone("son"), reachable("son", "sms"), loan("son"), loan("joan"))
    shared["contact_points"] = [{**it, "address_id": "joan-sms"} for it in shared["contact_points"]]
    recorded(shared, at=NOW - timedelta(hours=2))
    asked_for(client, next="/me/devices/")
    send_codes(at=NOW)

    assert client.post("/me/code/", {"code": code_sent()}).headers["Location"] == "/me/which/"
    assert client.post("/me/which/", {"reference": "other-loan-9"}).status_code == 422
    client.post("/me/which/", {"reference": "SON LOAN 1"})

    assert client.session["borrower"]["person_id"] == "son"


def test_a_page_left_open_is_nobodys_after_half_an_hour(client, settings, tmp_path):
    signed_in_as(client, "joan")
    assert came_in(client)

    clock_at(settings, tmp_path, NOW + timedelta(minutes=31))

    assert not came_in(client)


def test_pages_of_hers_go_into_no_cache(client):
    page = signed_in_as(client, "joan").get("/me/devices/")

    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/desk/"])
def test_nobody_is_led_elsewhere_after_signing_in(client, elsewhere):
    asked_for(client, next=elsewhere)
    send_codes(at=NOW)

    led = client.post("/me/code/", {"code": code_sent()}).headers["Location"]

    assert led == "/me/"


def test_money_and_addresses_ask_once_more_who_she_is(client):
    signed_in_as(client, "joan", proven=False)

    page = client.post("/me/passkey/new/")
    assert page.headers["Location"].startswith("/me/prove/")
    client.post("/me/prove/", {"next": "/me/devices/"})
    send_codes(at=NOW)
    client.post("/me/prove/", {"code": code_sent(), "next": "/me/devices/"})

    assert client.post("/me/passkey/new/").status_code == 200


def test_a_chosen_language_stays_and_is_her_language_from_then_on(client):
    client.post("/me/language/", {"language": "fa", "next": "/me/sign-in/"})
    assert '<html lang="fa" dir="rtl">' in client.get("/me/sign-in/").content.decode()
    signed_in_as(client, "joan")

    client.post("/me/language/", {"language": "bn", "next": "/me/devices/"})

    assert '<html lang="bn"' in client.get("/me/devices/").content.decode()


def left(text="Joan, 12.50 is due. Code 7KQ2M4XD"):
    body = json.dumps({"text": text, "language": "en"})
    return a_message("joan", state="accepted", ended_at=NOW - timedelta(hours=1), body=body)


def test_a_message_of_ours_is_known_by_its_code(client):
    left()

    shown = client.post("/me/check/", {"code": "7kq2-m4xd"}).content.decode()

    assert "Yes, this message is from us" in shown
    assert "09:00" in shown
    assert "12.50" not in shown
    assert "Joan" not in shown


def test_its_reader_sees_all_of_it(client):
    left()

    shown = signed_in_as(client, "joan").post("/me/check/", {"code": "7KQ2M4XD"}).content.decode()

    assert "Joan, 12.50 is due" in shown


@pytest.mark.parametrize("state", ["queued", "suppressed", "rejected"])
def test_what_has_not_left_is_no_message_of_ours(client, state):
    left().__class__.objects.update(state=state)

    assert (
        "We sent no message with this code"
        in client.post("/me/check/", {"code": "7KQ2M4XD"}).content.decode()
    )


def test_codes_cannot_be_tried_out(client):
    left()
    for number in range(30):
        client.post("/me/check/", {"code": f"AAAA{number}"})

    assert "Yes, this" not in client.post("/me/check/", {"code": "7KQ2M4XD"}).content.decode()


def test_a_false_message_is_told_once_and_others_are_told(client):
    from tests.staff import member

    told = {"text": "Pay 4111 1111 1111 1111 now", "sender": "+44 1", "once": "one-page"}
    client.post("/me/check/report/", told)
    client.post("/me/check/report/", told)
    found = Reported.objects.get()
    assert "4111 1111" not in found.text

    warn_of(found, words="Texts from +44 1 are not ours.", by=member("lead", every_branch=True), at=NOW)

    assert "Texts from +44 1 are not ours." in client.get("/me/sign-in/").content.decode()


def test_a_warning_ends_when_it_was_nothing(client):
    from tests.staff import member

    lead = member("lead", every_branch=True)
    found = warn_of(report(text="x", sender="", once="a", at=NOW), words="Not ours.", by=lead, at=NOW)

    dismiss(found, by=lead, at=NOW)

    assert "Not ours." not in client.get("/me/check/").content.decode()


def test_a_demo_opens_pages_and_nothing_else_does(client, settings):
    assert client.post("/me/as/joan/").status_code == 404
    settings.DEMO = True

    assert client.post("/me/as/joan/").status_code == 302
    assert came_in(client)
    assert client.get("/me/as/joan/").status_code == 405


def test_the_offline_page_and_the_worker_know_nobody(client):
    signed_in_as(client, "joan")

    page, worker = client.get("/me/offline/"), client.get("/me/sw.js")

    assert "joan" not in page.content.decode().lower()
    assert "sign-out" not in page.content.decode()
    assert "/me/offline/" in worker.content.decode()
    assert "respondWith(fetch(event.request).catch" in worker.content.decode()
    assert json.loads(client.get("/me/manifest.webmanifest").content)["start_url"] == "/me/"


def test_what_is_sealed_opens_again():
    assert opened_text(sealed_text("123456")) == "123456"


def test_a_device_that_may_notify_is_an_address_with_the_words_she_agreed_to(client):
    signed_in_as(client, "joan", language="lv")
    given = {"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "AAA", "auth": "BBB"}}

    def allow(what):
        return client.post("/me/push/allow/", json.dumps(what), content_type="application/json").status_code

    assert [allow(given), allow(given), allow({"endpoint": "http://10.1"}), allow([])] == [200, 200, 400, 400]
    consent = FACTS["consents"].objects.filter(person_id="joan", channel="push").latest("id")
    assert "paziņojumus" in ConsentText.objects.get(pk=consent.text_hash).text
    assert Address.objects.filter(channel="push").count() == 1

    client.post("/me/push/back/")

    assert FACTS["consents"].objects.filter(channel="push").latest("id").withdrawn_at is not None


def test_staff_read_what_was_told_and_tell_everybody(client):
    from tests.staff import member, signed_in

    report(text="Pay this fee", sender="+44 1", once="a", at=NOW)
    desk = signed_in(Client(), member("lead", every_branch=True))
    assert "Pay this fee" in desk.get("/desk/reported/").content.decode()

    desk.post(
        "/desk/reported/", {"pk": Reported.objects.get().pk, "words": "Look out for +44 1.", "do": "warn"}
    )

    assert "Look out for +44 1." in client.get("/me/check/").content.decode()
    agent = signed_in(Client(), member("agent", "north", name="agent"))
    assert agent.get("/desk/reported/").status_code == 403


@pytest.mark.parametrize(
    ("role", "branch", "reads"),
    [
        ("lead", "north", {"hers"}),
        ("lead", "south", set()),
        ("admin", "north", set()),
        ("strategist", "north", set()),
    ],
)
def test_what_she_pasted_is_read_by_those_who_see_her(client, role, branch, reads):
    from tests.staff import member, signed_in

    report(text="Dear Joan, pay hers", sender="+44 1", once="a", at=NOW, person_id="joan")
    report(text="Pay a stranger's", sender="+44 2", once="b", at=NOW)

    page = signed_in(client, member(role, branch)).get("/desk/reported/").content.decode()

    pasted = {"hers": "Dear Joan", "stranger": "+44 2", "sender": "+44 1"}
    assert {who for who, text in pasted.items() if text in page} == reads | ({"sender"} if reads else set())
    assert page.count("Tell everybody") == 2


def test_whoever_opens_the_bare_address_of_the_lender_stands_at_her_door(client):
    page = client.get("/", follow=True)

    assert page.status_code == 200
    assert page.redirect_chain[0][0] == "/me/"
