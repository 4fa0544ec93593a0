"""Whatever a person may have written in a mail is read: below a picture, below a quotation, in whichever form of the text."""

import time
from pathlib import Path

import pytest

from tests.delivery.incoming.test_mails import mail
from tideover.delivery.incoming import classify, read_mail
from tideover.delivery.incoming.words import grave, is_stop

ENDLESS = 20
"""Seconds of work that only a pattern which goes over everything again and again would need."""
GOLDEN = Path(__file__).parents[2] / "engine" / "message" / "golden"
HEAD = b"From: asha@example.org\r\nSubject: Re: x\r\nMIME-Version: 1.0\r\n"
PLAIN, PAGE = b"Content-Type: text/plain; charset=utf-8", b"Content-Type: text/html; charset=utf-8"
PICTURE = b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64"
OURS = (
    "\r\nFrom: A Lender <hello@lender.example>\r\nSent: Friday, November 20, 2026\r\nReply STOP to stop.\r\n"
)


def of_parts(*parts, kind=b"mixed"):
    told = b"".join(b"--b\r\n" + head + b"\r\n\r\n" + body + b"\r\n" for head, body in parts)
    return HEAD + b"Content-Type: multipart/" + kind + b"; boundary=b\r\n\r\n" + told + b"--b--\r\n"


def page(html):
    return HEAD + PAGE + b"\r\n\r\n" + html


LARGE = (b"A" * 76 + b"\r\n") * 18_000
READ_WHOLE = {
    "below a picture": of_parts((PLAIN, b"Good evening,"), (PICTURE, b"AAAA"), (PLAIN, b"STOP")),
    "below a picture of many bytes": of_parts((PICTURE, LARGE), (PLAIN, b"STOP")),
    "beside an empty text": of_parts((PLAIN, b""), (PAGE, b"<p>STOP</p>"), kind=b"alternative"),
    "beside a text that says less": of_parts(
        (PLAIN, b"Please open this mail as a page."), (PAGE, b"<p>Please stop it</p>"), kind=b"alternative"
    ),
    "below a quotation of a page": page(b"<div class=gmail_quote><div>ours</div></div><div>STOP</div>"),
    "below the look of a page": page(b"<style>" + b"p{color:red}" * 6_000 + b"</style><p>STOP</p>"),
    "in a page whose head has no end": page(b"<html><head><title>x</title><body><p>STOP</p>"),
    "between signs of a page that are no tag": page(b"<p>I have < 5 euros, please STOP > not more</p>"),
    "below a line": mail("Hello\n________________\nSTOP"),
    "between dashes": mail("-- please STOP --"),
    "below lines with colons": mail("Paid on: 12.11.2026\nReceipt no: 2026\n\nplease STOP"),
    "alone below our mail": mail(f"\r\n{OURS}\r\n\r\nSTOP\r\n"),
}


@pytest.mark.parametrize("where", READ_WHOLE)
def test_a_stop_is_read_wherever_it_stands(where):
    came = read_mail(READ_WHOLE[where])

    assert came.is_whole
    assert classify(came.text, "en").kind == "stop"


@pytest.mark.parametrize("above", [OURS, "Asha\r\n-- \r\nSent from my phone\r\n"])
def test_a_danger_and_a_death_are_read_below_our_mail_too(above):
    assert classify(read_mail(mail(f"Hello\r\n{above}\r\nI will kill myself")).text, "en").danger
    assert "death" in grave(read_mail(mail(f"Hello\r\n{above}\r\nMy husband has died.")).text)


HEADS = [
    ("Von: A Lender", "Gesendet: Freitag, 20. November 2026"),
    ("Gesendet: Freitag, 20. November 2026 um 10:00 Uhr", "Von: A Lender"),
    ("Sent: Friday, November 20, 2026 at 10:00 AM", "From: A Lender"),
    ("De : A Lender", "Envoyé : vendredi 20 novembre 2026"),
    ("De: A Lender", "Enviado: viernes, 20 de noviembre de 2026"),
    ("*De:* A Lender", "*Enviada em:* sexta-feira, 20 de novembro de 2026"),
    ("От: A Lender", "Отправлено: 20 ноября 2026 г."),
    ("No: A Lender", "Nosūtīts: piektdiena, 2026. gada 20. novembris"),
    ("Từ: A Lender", "Đã gửi: Thứ Sáu, 20 tháng 11, 2026"),
    ("از: A Lender", "ارسال شده: جمعه ۲۰ نوامبر"),
    ("প্রেরক: A Lender", "তারিখ: ২০ নভেম্বর"),
    ("प्रेषक: A Lender", "दिनांक: 20 नवंबर"),
]


@pytest.mark.parametrize("heads", HEADS)
def test_our_mail_below_an_answer_says_nothing_in_any_language(heads):
    quoted = "\r\n".join((*heads, "Reply STOP to stop these messages."))

    assert read_mail(mail(f"Thanks\r\n\r\n{quoted}")).text == "Thanks"


def test_an_older_stop_of_hers_below_our_mail_is_not_said_again():
    hers = "From: asha@example.org\r\nSent: Thursday, November 19, 2026\r\n\r\nSTOP\r\n"

    assert (
        read_mail(mail(f"Please write to me again.\r\n{OURS}\r\n{hers}")).text == "Please write to me again."
    )


def test_our_mail_below_an_answer_says_nothing_where_a_mailbox_marks_no_line_of_it():
    above = "On Fri, Nov 20, 2026 at 10:00 AM A Lender <hello@lender.example> wrote:"

    assert read_mail(mail(f"Thanks\r\n\r\n{above}\r\n\r\nReply STOP to stop.")).text == "Thanks"


def test_our_page_below_an_answer_says_nothing_where_the_text_has_it_marked_as_quoted():
    raw = of_parts(
        (PLAIN, b"Thanks\r\n\r\n> Reply STOP to stop."), (PAGE, b"<p>Thanks</p><p>Reply STOP to stop.</p>"), kind=b"alternative"
    )  # fmt: skip

    assert read_mail(raw).text == "Thanks"


def test_of_a_mail_without_end_a_person_reads_the_whole():
    assert not read_mail(mail("I lost my job. " * 10_000)).is_whole
    assert not read_mail(
        of_parts((PLAIN, b"Hello"), (b"Content-Type: text/csv", b"a,b\r\n" * 300_000))
    ).is_whole


@pytest.mark.parametrize("line", ["--" + " " * 50_000 + "x", "@" * 390 + ":" + " " * 9, "-" * 50_000 + " x"])
def test_a_line_takes_no_longer_than_it_is_long(line):
    began = time.process_time()

    read_mail(mail(f"{line}\n" * (50_000 // len(line))))

    assert time.process_time() - began < ENDLESS


def test_an_address_without_end_in_a_report_takes_no_time():
    told = b"From: mailer-daemon@x\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; "
    began = time.process_time()

    assert read_mail(told + b"a" * 200_000 + b"\nAction: failed\n").kind == "permanent"
    assert time.process_time() - began < ENDLESS


def nested(times, words):
    told = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (it, it) for it in range(times)
    )
    return b"From: asha@example.org\r\n" + told + b"\r\n" + words


STATUS = b"From: mailer-daemon@x\r\nContent-Type: message/delivery-status\r\n\r\n"
BOUNCE = b"From: mailer-daemon@x\r\nReturn-Path: <>\r\nSubject: Undelivered\r\n\r\n"
LONG = {
    "a status of empty lines": STATUS + b"\n" * 1_900_000,
    "a status of many fields": STATUS + b"Action: x\n\n" * 150_000,
    "a bounce of empty lines": BOUNCE + b"\n" * 1_900_000,
    "a header of many fields": b"From: a@x\r\nContent-Type: text/plain" + b";" * 900_000 + b"\r\n\r\nSTOP",
    "boxes in boxes": nested(400, b"a\n" * 400_000),
}


@pytest.mark.parametrize("what", LONG)
def test_no_mail_takes_long(what):
    began = time.process_time()

    read_mail(LONG[what])

    assert time.process_time() - began < ENDLESS


@pytest.mark.parametrize("folder", sorted(GOLDEN.glob("messages_*")), ids=lambda it: it.name)
def test_no_message_of_ours_holds_a_danger_or_is_a_stop_by_itself(folder):
    for file in folder.rglob("*.txt"):
        text = file.read_text("utf-8")
        assert "danger" not in grave(text), file.name
        assert not any(is_stop(line) for line in text.splitlines() if line), file.name
