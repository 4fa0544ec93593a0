"""E-mail over a real connection: every way an attempt can end, and mails that nobody can add to."""

import asyncio
import random
import ssl
from datetime import UTC, datetime, timedelta

import dkim
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.delivery.messages import AT, SCRIPTS, message, sent
from tests.delivery.smtp_sink import smtp_sink
from tideover.delivery.channels import Busy, NotConnected, Rejected, TooLate, Unknown, Withdrawn, open_channel


@pytest.fixture(autouse=True, params=[True, False], ids=["several at once", "one by one"])
def takes_several(request, monkeypatch):
    """Relays take several commands at once, or one by one: all holds for both."""
    monkeypatch.setattr("tests.delivery.smtp_sink.TAKES_SEVERAL", request.param)


def email(sink, **environ):
    return open_channel("email", {"TIDEOVER_SMTP_URL": sink.url, **environ})


async def test_an_accepted_mail_has_the_relays_reference_and_arrives_once():
    async with smtp_sink() as sink:
        accepted = await sent(email(sink), message())

    assert accepted.reference == "OK queued as 1"
    assert sink.envelopes == [("hello@lender.example", ["asha@example.org"])]
    assert sink.mails[0]["message-id"] == "<i1.tideover@lender.example>"


@pytest.mark.parametrize("language", SCRIPTS)
async def test_words_arrive_in_their_script_and_direction(language):
    direction, text = SCRIPTS[language]
    worded = message(
        text=text, html=f"<p>{text}</p>", subject=text[:20], language=language, direction=direction
    )

    async with smtp_sink() as sink:
        await sent(email(sink), worded)

    mail = sink.mails[0]
    plain, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert plain.replace("\r\n", "\n").rstrip("\n") == text
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert text.replace("\n", "\r\n") in html.replace("\r\n", "\n").replace("\n", "\r\n")
    assert mail["subject"] == " ".join(text[:20].split())
    assert mail["content-language"] == language


async def test_a_mail_says_that_a_machine_sent_it_and_how_to_stop_it_in_one_click():
    headers = {"List-Unsubscribe": "<https://lender.example/stop/abc>"}

    async with smtp_sink() as sink:
        await sent(email(sink), message(headers=headers))

    mail = sink.mails[0]
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["list-unsubscribe"] == "<https://lender.example/stop/abc>"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_disposition() for part in mail.walk()] == [None, None, None]


async def test_the_same_message_again_is_the_same_bytes():
    async with smtp_sink() as sink:
        channel = email(sink)
        await sent(channel, message())
        await sent(channel, message())

    one, two = sink.messages
    assert one == two


@pytest.mark.parametrize(
    ("mode", "kind", "permanent"),
    [
        ("reject", "bad_address", True),
        ("full", "full", False),
        ("reject_message", "blocked", True),
        ("refuse_sender", "policy", True),
    ],
)
async def test_a_refusal_is_told_with_its_reason(mode, kind, permanent):
    async with smtp_sink(mode) as sink:
        with pytest.raises(Rejected) as refused:
            await sent(email(sink), message())

    assert (refused.value.kind, refused.value.permanent) == (kind, permanent)
    assert "asha" not in str(refused.value)
    assert sink.messages == []


async def test_a_deferred_mail_is_busy_for_at_least_half_an_hour():
    async with smtp_sink("defer") as sink:
        with pytest.raises(Busy) as busy:
            await sent(email(sink), message())

    assert busy.value.retry_after >= timedelta(minutes=30)


async def test_a_relay_that_is_away_is_busy_and_nothing_left():
    async with smtp_sink() as sink:
        pass

    with pytest.raises(Busy) as busy:
        await sent(email(sink), message())

    assert busy.value.reason == "unreachable"


@pytest.mark.parametrize("more", ["&tls=starttls", "&tls=implicit"])
async def test_without_the_tls_that_was_asked_for_nothing_leaves(more):
    async with smtp_sink() as sink:
        channel = open_channel("email", {"TIDEOVER_SMTP_URL": sink.url + more})
        with pytest.raises(Busy):
            await sent(channel, message())

    assert sink.messages == []


@pytest.fixture
def certified(tmp_path, monkeypatch):
    """A relay's side of TLS, whose certificate this machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime.now(UTC) - timedelta(days=1)).not_valid_after(
        datetime.now(UTC) + timedelta(days=1)
    )
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = serialization.Encoding.PEM
    (tmp_path / "cert").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key").write_bytes(private)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    return context


@pytest.mark.parametrize(("way", "asked"), [("starttls", "starttls"), ("tls", "implicit")])
async def test_one_connection_by_tls_carries_many_mails_however_long(way, asked, certified):
    async with smtp_sink(**{way: certified}) as sink:
        channel = open_channel("email", {"TIDEOVER_SMTP_URL": f"{sink.url}&tls={asked}"})
        async with channel.session(at=AT) as session:
            await session.send(message())
            await session.send(message(text="Labdien! " * 100_000))
            await session.send(message())

    assert (sink.connections, len(sink.messages)) == (1, 3)
    assert sink.mails[1].get_body(("plain",)).get_content().count("Labdien!") == 100_000


async def test_a_relay_that_does_not_let_us_in_is_busy():
    async with smtp_sink() as sink:
        channel = open_channel("email", {"TIDEOVER_SMTP_URL": sink.url.replace("//", "//user:wrong@")})
        with pytest.raises(Busy):
            await sent(channel, message())

    assert sink.messages == []


async def test_a_send_that_is_cancelled_leaves_no_half_used_connection():
    async with smtp_sink("stall") as sink, email(sink).session(at=AT) as session:
        sending = asyncio.create_task(session.send(message()))
        while not sink.messages:
            await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        sink.mode = "accept"
        await session.send(message(message_id="<i2.tideover@lender.example>"))

    assert (sink.connections, len(sink.messages)) == (2, 2)


@pytest.mark.parametrize("mode", ["drop", "stall"])
async def test_a_lost_reply_is_unknown_because_the_mail_may_have_been_taken(mode):
    async with smtp_sink(mode) as sink:
        with pytest.raises(Unknown):
            await sent(email(sink), message())

    assert len(sink.messages) == 1


async def test_too_late_is_an_error_and_not_a_send():
    async with smtp_sink() as sink:
        with pytest.raises(TooLate):
            await sent(email(sink), message(use_by=AT))

    assert sink.connections == 0


async def test_a_message_that_becomes_late_on_the_way_does_not_leave():
    async with smtp_sink() as sink:
        sink.at_rcpt = asyncio.Event()
        asyncio.get_running_loop().call_later(0.2, sink.at_rcpt.set)
        with pytest.raises(TooLate):
            await sent(email(sink), message(use_by=AT + timedelta(seconds=0.1)))

    assert sink.messages == []


async def test_an_opt_out_while_the_relay_hesitates_stops_the_mail():
    stopped = False

    async def may_leave():
        return not stopped

    async with smtp_sink() as sink:
        sink.at_rcpt = asyncio.Event()
        sending = asyncio.create_task(sent(email(sink), message(), may_leave=may_leave))
        await asyncio.sleep(0.05)
        stopped = True
        sink.at_rcpt.set()
        with pytest.raises(Withdrawn):
            await sending

    assert sink.messages == []


async def test_one_connection_carries_many_mails_and_a_refusal_does_not_break_it():
    async with smtp_sink() as sink, email(sink).session(at=AT) as session:
        await session.send(message())
        sink.mode = "reject"
        with pytest.raises(Rejected):
            await session.send(message())
        sink.mode = "accept"
        await session.send(message())

    assert (sink.connections, len(sink.messages)) == (1, 2)


async def test_after_a_lost_reply_the_next_mail_gets_a_new_connection():
    async with smtp_sink("drop") as sink, email(sink).session(at=AT) as session:
        with pytest.raises(Unknown):
            await session.send(message())
        sink.mode = "accept"
        await session.send(message(message_id="<i2.tideover@lender.example>"))

    assert sink.connections == 2
    assert [it["message-id"] for it in sink.mails] == [
        "<i1.tideover@lender.example>",
        "<i2.tideover@lender.example>",
    ]


BREAKS = [
    *map(chr, range(32)),
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\r\nBcc: evil@example.org\r\n\r\n",
    "\n.\r\nMAIL FROM:<x@y>",
]
FIXED = {
    "from", "to", "subject", "date", "message-id", "content-language", "auto-submitted", "mime-version", "content-type",
    "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post",
}  # fmt: skip


async def test_nothing_written_anywhere_can_add_a_header_a_recipient_or_a_mail():
    fields = [
        "to",
        "sender_name",
        "sender_address",
        "subject",
        "preview",
        "text",
        "html",
        "language",
        "message_id",
    ]
    good, kinds = 0, set()
    async with smtp_sink() as sink, email(sink).session(at=AT) as session:
        for field in fields:
            for bad in BREAKS:
                usual = getattr(message(), field)
                middle = len(usual) // 2
                try:
                    await session.send(message(**{field: usual[:middle] + bad + usual[middle:]}))
                    good += 1
                except Rejected as refused:
                    kinds.add(refused.kind)
        for bad in BREAKS:
            with pytest.raises(Rejected):
                await session.send(message(headers={"List-Unsubscribe": f"<https://a.example/{bad}x>"}))

    assert kinds == {"malformed", "bad_address"}
    assert len(sink.messages) == good > 100
    assert {tuple(to) for _, to in sink.envelopes} == {("asha@example.org",)}
    for mail in sink.mails:
        assert {name.lower() for name in mail} <= FIXED
        assert all(len(mail.get_all(name)) == 1 for name in mail)


@pytest.mark.parametrize("name", ["Bcc", "X-Anything", "List-Unsubscribe\r\nBcc", "subject"])
async def test_a_header_outside_the_fixed_set_is_refused(name):
    async with smtp_sink() as sink:
        with pytest.raises(Rejected):
            await sent(email(sink), message(headers={name: "<https://a.example/x>"}))


@pytest.mark.parametrize(
    "address",
    ["", "asha", "a@b@c", "a b@c.example", "<a@b.example>", "a@b.example, c@d.example", "@b.example"],
)
async def test_what_is_no_address_is_refused_as_one(address):
    async with smtp_sink() as sink:
        with pytest.raises(Rejected) as refused:
            await sent(email(sink), message(to=address))

    assert refused.value.kind == "bad_address"
    assert sink.connections == 0


async def test_addresses_outside_ascii_arrive():
    async with smtp_sink() as sink:
        await sent(email(sink), message(to="jānis@bērzs.example"))

    assert sink.envelopes[0][1] == ["jānis@xn--brzs-bva.example"]


async def test_random_words_never_break_the_session():
    chance = random.Random(7)
    async with smtp_sink() as sink, email(sink).session(at=AT) as session:
        for _ in range(150):
            wild = "".join(
                chr(chance.choice([*range(1, 300), *range(0x0980, 0x0A00), *range(0x0600, 0x0700)]))
                for _ in range(80)
            )
            await session.send(message(subject=wild, text=wild, sender_name=wild[:20], html=f"<p>{wild}</p>"))

    assert len(sink.messages) == 150


async def test_a_signature_covers_both_unsubscribe_headers(tmp_path):
    key = rsa.generate_private_key(65537, 2048)
    file = tmp_path / "dkim.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    settings = {
        "TIDEOVER_DKIM_DOMAIN": "lender.example",
        "TIDEOVER_DKIM_SELECTOR": "s1",
        "TIDEOVER_DKIM_KEY_FILE": str(file),
    }

    async with smtp_sink() as sink:
        unsubscribe = {"List-Unsubscribe": "<https://lender.example/stop/abc>"}
        await sent(email(sink, **settings), message(headers=unsubscribe, text=SCRIPTS["bn"][1]))

    from base64 import b64encode

    record = b"v=DKIM1; k=rsa; p=" + b64encode(public)
    assert dkim.verify(sink.messages[0], dnsfunc=lambda *_, **__: record)
    signed = sink.mails[0]["dkim-signature"].replace(" ", "").lower()
    assert "list-unsubscribe:list-unsubscribe-post" in signed


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"TIDEOVER_SMTP_URL": "http://localhost"},
        {"TIDEOVER_SMTP_URL": "smtp://localhost:nine"},
        {"TIDEOVER_SMTP_URL": "smtp://localhost?speed=9"},
        {"TIDEOVER_SMTP_URL": "smtp://localhost?tls=maybe"},
        {"TIDEOVER_SMTP_URL": "smtp://localhost", "TIDEOVER_DKIM_DOMAIN": "a.example"},
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_in_words(environ):
    with pytest.raises(NotConnected) as refused:
        open_channel("email", environ)

    assert "TIDEOVER_" in str(refused.value)


def test_without_saying_so_mail_leaves_this_machine_only_by_tls():
    away = open_channel("email", {"TIDEOVER_SMTP_URL": "smtp://user:secret@mail.example"})

    assert (away.settings.tls, away.settings.port) == ("starttls", 587)
    assert "secret" not in repr(away)
