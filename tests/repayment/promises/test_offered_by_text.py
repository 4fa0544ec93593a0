"""A text message offers a day, "1" comes back by the gateway, and the day is hers: written down, confirmed, reminders rest."""

import json
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, DAY, TODAY, fresh_payments, late, row, together
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.delivery.channels import Accepted, Limits
from tideover.delivery.channels.sms.receipts import signature_of
from tideover.delivery.models import Message
from tideover.delivery.sending import one_round
from tideover.delivery.taking import take
from tideover.kit.days import day_of
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_nightly
from tideover.support.jobs import open_cases
from tideover.support.models import Case

NOW = datetime.fromtimestamp(AT, UTC)
THURSDAY = (NOW + timedelta(days=1)).date()
SECRET = b"a secret of thirty-two characters"
NUMBER = "+447700900123"
pytestmark = pytest.mark.django_db(transaction=True)


UNKEPT = [
    row("promises", promise_id=f"u{n}", loan_id="asha-loan-1", person_id="asha", amount=1, origin="self", on=TODAY - 12 - n,
        made_at=AT - (20 + n) * DAY, ended_at=AT - (10 + n) * DAY, end="broken")
    for n in range(3)
]  # fmt: skip


class Network:
    """The network behind the gateway: keeps what it is given."""

    name, limits = "sms", Limits()

    def __init__(self):
        self.texts = []

    @asynccontextmanager
    async def session(self, *, at):
        yield self

    async def send(self, outgoing, *, may_leave):
        await may_leave()
        self.texts.append(outgoing.text)
        return Accepted(f"n{len(self.texts)}")


@pytest.fixture
def clock(monkeypatch):
    """The product's clock, set by hand."""

    def set_to(at):
        for module in (
            "tideover.delivery.sending", "tideover.strategy.runs", "tideover.web.incoming.views"
        ):  # fmt: skip
            monkeypatch.setattr(f"{module}.now", lambda: at)
        return at

    set_to(NOW)
    return set_to


@pytest.fixture
def sent(clock, settings, tmp_path, monkeypatch):
    """Everything of the days up to now, by text message alone; hands over the texts that left."""
    settings.DATA = tmp_path
    (tmp_path / "secret").write_bytes(SECRET)
    monkeypatch.setitem(os.environ, "TIDEOVER_SMS_WEBHOOK_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setitem(os.environ, "TIDEOVER_SMS_URL", "https://user:pass@gateway.example/send")
    Address.objects.create(address_id="hers", channel="sms", value=NUMBER, index=blind(NUMBER))

    def begin(*books):
        book = together(*books, fresh_payments(AT + DAY * 9))
        points = [it for it in book["contact_points"] if it["channel"] == "sms"]
        book["contact_points"] = [{**it, "address_id": "hers"} for it in points]
        recorded(book)
        ensure_shipped(at=NOW)
        return night(NOW, clock)

    return begin


def night(at, clock):
    """A night's decisions, and the texts that leave on the day after it."""
    clock(at)
    run_nightly(at=at)
    take(at=at)
    network = Network()
    for message in Message.objects.filter(state="queued").order_by("send_at"):
        one_round({"sms": network}, worker="w", at=clock(max(message.send_at, at)))
    return network.texts


def answered(client, text, at, clock):
    clock(at)
    body, signed_at = (
        json.dumps({"id": text, "from": NUMBER, "to": "1", "text": text}).encode(),
        str(int(at.timestamp())),
    )
    headers = {"X-Timestamp": signed_at, "X-Signature": signature_of(body, signed_at, SECRET)}
    assert client.post("/in/sms", body, content_type="application/json", headers=headers).status_code == 200
    open_cases(at=at)


def promised():
    return [(it.loan_id, it.on, it.origin) for it in FACTS["promises"].objects.filter(ended_at=None)]


def left_at():
    return Message.objects.latest("ended_at").ended_at


def test_one_sign_takes_the_day_that_the_text_offered_and_reminders_rest(sent, clock, client):
    (text,) = sent(late("asha", 4))
    on = left_at().date() + timedelta(days=1)
    assert f"Answer 1 to pay on {on:%A} {on.day} {on:%B}" in text

    answered(client, "1", left_at() + timedelta(hours=1), clock)

    assert promised() == [("asha-loan-1", on, "self")]
    assert not Case.objects.exists()
    tomorrow = night(left_at() + timedelta(hours=4), clock)
    assert [it.purpose for it in Message.objects.order_by("id")][1:] == ["promise_confirmed"] * len(tomorrow)
    assert len(tomorrow) == 1


def test_her_payday_is_offered_where_it_is_near(sent):
    paydays = [
        row("payments", payment_id=f"p{n}", loan_id="asha-loan-1", amount=10_000, paid_at=int(
            datetime(2026, month, 30, 9, tzinfo=UTC).timestamp()))
        for n, month in enumerate((6, 7, 8, 9, 10))
    ]  # fmt: skip

    (text,) = sent(late("asha", 4), {"payments": paydays})

    assert "Answer 1 to pay on Monday 30 November" in text


def test_a_payment_that_is_coming_is_not_put_off_beyond_its_day(sent):
    (text,) = sent(late("asha", -3))

    assert "Answer 1 to pay on Friday 27 November" in text


@pytest.mark.parametrize(
    ("why", "texts"),
    [({"loans": {"limitation_on": day_of(THURSDAY) - 30}}, 0), ({"promises": UNKEPT}, 1)],
)
def test_no_day_is_offered_where_a_promise_could_do_her_harm(sent, why, texts):
    book = late("asha", 4)
    if barred := why.get("loans"):
        book["loans"] = [{**it, **barred} for it in book["loans"]]
    else:
        book |= why

    assert len(sent(book)) == texts

    assert not any("offered_on" in (it.body or "") for it in Message.objects.all())


def test_where_answers_do_not_reach_us_none_is_asked_for(sent, client, monkeypatch):
    monkeypatch.delitem(os.environ, "TIDEOVER_SMS_WEBHOOK_SECRET_FILE")

    (text,) = sent(late("asha", 4))

    assert "Answer 1" not in text
