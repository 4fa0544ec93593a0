"""A mail is a bounce, a machine's answer, a spam report or a person's words; only the last is read for its words."""

import pytest

from tideover.delivery.incoming import classify, read_mail

ORIGINAL = "<i1.tideover@lender.example>"


def mail(body: str, **headers: str) -> bytes:
    usual = {"From": "Asha <asha@example.org>", "To": "hello@lender.example", "Subject": "Re: About Friday",
             "In_Reply_To": ORIGINAL, "Content_Type": 'text/plain; charset="utf-8"', "Content_Transfer_Encoding": "8bit"}  # fmt: skip
    lines = "".join(
        f"{name.replace('_', '-')}: {value}\r\n" for name, value in (usual | headers).items() if value
    )
    return f"{lines}\r\n{body}".encode()


QUOTED = "\r\n\r\n> Your payment is due on Friday.\r\n> Reply STOP to stop these messages.\r\n"
INTRODUCTIONS = [
    "On Fri, 20 Nov 2026 at 09:00, A Lender <hello@lender.example> wrote:",
    "Am Fr., 20. Nov. 2026 um 09:00 Uhr schrieb A Lender <hello@lender.example>:",
    "Em sex., 20 de nov. de 2026 às 09:00, A Lender <hello@lender.example> escreveu:",
    "El vie, 20 nov 2026 a las 9:00, A Lender (<hello@lender.example>) escribió:",
    "пт, 20 нояб. 2026 г. в 09:00, A Lender <hello@lender.example>:",
    "Vào Th 6, 20 thg 11, 2026 lúc 09:00 A Lender <hello@lender.example> đã viết:",
    "piektd., 2026. g. 20. nov., plkst. 09:00 — A Lender (<hello@lender.example>) rakstīja:",
    "۲۰ نوامبر 2026 A Lender <hello@lender.example> نوشت:",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_our_own_footer_in_a_quotation_is_nobodys_stop(introduction):
    came = read_mail(mail(f"I will pay on Monday.\r\n\r\n{introduction}{QUOTED}"))

    assert (came.kind, came.text, came.original_id) == ("reply", "I will pay on Monday.", ORIGINAL)
    assert classify(came.text, "en").kind == "unclear"


@pytest.mark.parametrize(
    "rule",
    [
        "-----Original Message-----\r\nFrom: A Lender <hello@lender.example>\r\nReply STOP to stop.",
        "________________________________\r\nFrom: A Lender\r\nReply STOP to stop.",
        "From: A Lender <hello@lender.example>\r\nSent: Friday, November 20, 2026\r\nReply STOP to stop.",
        "Von: A Lender <hello@lender.example>\r\nGesendet: Freitag, 20. November 2026\r\nReply STOP to stop.",
        "-- \r\nSent from a phone, full stop",
    ],
)
def test_what_stands_below_a_rule_is_not_what_was_written(rule):
    assert read_mail(mail(f"Thanks\r\n\r\n{rule}")).text == "Thanks"


def test_a_reply_in_html_alone_is_read_without_its_quotation():
    html = '<div>I <b>paid</b></div><br><div class="gmail_quote">On Friday: <blockquote>Reply STOP</blockquote></div>'

    assert " ".join(read_mail(mail(html, Content_Type="text/html; charset=utf-8")).text.split()) == "I paid"


def test_a_person_on_holiday_who_writes_is_a_person():
    assert read_mail(mail("I am on vacation until Monday, may I pay then?")).kind == "reply"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Auto_Submitted": "auto-replied", "Subject": "Out of office"}, "away"),
        ({"Auto_Submitted": "auto-replied", "Subject": "Abwesenheitsnotiz: Re: Freitag"}, "away"),
        ({"Subject": "Automatic reply: About Friday"}, "auto_reply"),
        ({"Precedence": "bulk", "List_Id": "<news.example.org>", "Subject": "News"}, "auto_reply"),
        ({"Precedence": "bulk", "Subject": "I am out of the office"}, "away"),
        ({"Auto_Submitted": "auto-replied", "Subject": "We got your message"}, "auto_reply"),
        ({"Auto_Submitted": "auto-replied", "Subject": "Please confirm that you are human"}, "challenge"),
        ({"Subject": "unsubscribe"}, "unsubscribe"),
        ({"Auto_Submitted": "auto-replied", "X_Apple_Unsubscribe": "true"}, "unsubscribe"),
    ],
)
def test_a_machine_is_known_by_what_it_says_of_itself(headers, kind):
    assert read_mail(mail("text", **headers)).kind == kind


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "Thank you for your message"},
        {"Subject": "Thank you for contacting me"},
        {"Subject": "Auto: mein Kredit"},
        {"Precedence": "bulk"},
        {"Precedence": "junk", "Subject": "My loan"},
        {"Subject": "Complaint about my loan"},
        {"Subject": "Abuse report"},
        {"Subject": "complaint about message from 192.0.2.222"},
    ],
)
def test_what_only_sounds_like_a_machine_is_a_person(headers):
    assert read_mail(mail("I cannot pay", **headers)).kind == "reply"


@pytest.mark.parametrize(
    ("subject", "body", "text"),
    [
        ("STOP", "", "STOP"),
        ("ABMELDEN", "  \r\n", "ABMELDEN"),
        ("Re: About Friday", "", ""),
        ("Re: About Friday", "I paid", "I paid"),
        ("AW: Freitag", "bezahlt", "bezahlt"),
        ("Fwd: About Friday", "I paid", "I paid"),
        ("My husband has died", "What happens now?", "My husband has died\nWhat happens now?"),
        ("=?utf-8?q?M=C4=ABlestie?=", "paldies", "Mīlestie\npaldies"),
        ("", "I paid", "I paid"),
    ],
)
def test_a_subject_that_the_writer_made_is_part_of_what_was_written(subject, body, text):
    assert read_mail(mail(body, Subject=subject)).text == text


def test_the_subject_of_a_mail_that_answers_nothing_is_its_writers_in_any_form():
    assert read_mail(mail("", Subject="Re: STOP", In_Reply_To="")).text == "Re: STOP"


def test_a_mail_of_ours_that_comes_back_whole_says_nothing_of_its_own():
    raw = (
        'From: asha@example.org\r\nSubject: Re: About Friday\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: About Friday\r\n\r\nReply STOP to stop.\r\n--b--\r\n"
    )

    assert read_mail(raw.encode()).text == "Re: About Friday"  # and no STOP


def report(status: str, action: str = "failed", code: str = "550 5.1.1 no such user") -> bytes:
    return (
        "From: MAILER-DAEMON@relay.example\r\nTo: hello@lender.example\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; asha@example.org\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; {code}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {ORIGINAL}\r\nSubject: About Friday\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("status", "action", "code", "kind", "about"),
    [
        ("5.1.1", "failed", "550 5.1.1 no such user", "permanent", "bad_address"),
        ("5.0.0", "failed", "550 5.1.1 no such user", "permanent", "bad_address"),
        ("5.2.2", "failed", "552 5.2.2 mailbox full", "temporary", "full"),
        ("4.4.1", "delayed", "connection timed out", "temporary", "other"),
        ("4.4.7", "failed", "delivery time expired", "temporary", "other"),
        ("5.7.1", "failed", "550 5.7.1 blocked as spam", "permanent", "blocked"),
        ("5.7.26", "failed", "550 5.7.26 not authenticated by dkim or spf", "permanent", "policy"),
    ],
)
def test_a_bounce_says_why_and_for_which_message(status, action, code, kind, about):
    came = read_mail(report(status, action, code))

    (failed,) = came.failed
    assert (came.kind, failed.kind, failed.address, came.original_id) == (
        kind,
        about,
        "asha@example.org",
        ORIGINAL,
    )


@pytest.mark.parametrize(("type_", "kind"), [("abuse", "spam_report"), ("auth-failure", "auto_reply")])
def test_a_press_on_spam_counts_and_a_report_about_signatures_does_not(type_, kind):
    raw = (
        'From: fbl@mail.example\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n--b\r\n'
        f"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: {type_}\r\nVersion: 1\r\n\r\n--b\r\n"
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {ORIGINAL}\r\nSubject: About Friday\r\n\r\nhi\r\n--b--\r\n"
    )

    came = read_mail(raw.encode())

    assert (came.kind, came.original_id) == (kind, ORIGINAL)


def test_a_report_that_it_arrived_is_no_bounce():
    assert read_mail(report("2.0.0", "delivered", "250 ok")).kind == "arrived"


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x", b"From: \xe0\r\n\r\n\xe0",
                                 b"Subject: =?nocharset?q?x?=\r\nContent-Type: text/plain; charset=nocharset\r\n\r\nhi",
                                 b"Subject: =?utf-8?b?A?=\r\n\r\nhi"])  # fmt: skip
def test_a_mail_that_makes_no_sense_goes_to_a_person(raw):
    assert read_mail(raw).kind == "reply"


@pytest.mark.parametrize("charset", ["idna", "undefined", "utf-8\0", "hex", "x" * 300, "é"])
def test_a_charset_that_is_none_keeps_nothing_from_being_read(charset):
    assert read_mail(mail("STOP", Content_Type=f"text/plain; charset={charset}")).text == "STOP"


FROM_DAEMON = b"From: MAILER-DAEMON@example.org\r\nSubject: Undelivered\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        FROM_DAEMON + b"To: \xe9 <a@b.c>\r\n\r\nno idea",
        FROM_DAEMON + b"X-Failed-Recipients: \xe9@a.b\r\n\r\nno idea",
        b"From: Postmaster \xe9 <postmaster@example.org>\r\nSubject: Undelivered\r\nAuto-Submitted: \xe9\r\n\r\nno idea",
    ],
)
def test_a_bounce_in_no_known_letters_is_a_bounce(raw):
    assert read_mail(raw).kind == "permanent"


HOSTILE = {
    "boxes in boxes": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (it, it) for it in range(3_000)
    ),
    "tags that never close": b"Content-Type: text/html\r\n\r\n" + b"<script " * 100_000,
    "comments that never close": b"Content-Type: text/html\r\n\r\n" + b"<!-- <![CDATA[ " * 60_000,
    "empty lines": b"Content-Type: text/plain\r\n\r\n" + b"\n" * 900_000,
    "one line of signs": b"Content-Type: text/plain\r\n\r\n" + b"@:" * 450_000,
    "a subject without end": b"Subject: " + b"=?utf-8?q?a?= " * 60_000 + b"\r\n\r\nhi",
    "a bounce of signs": b"From: mailer-daemon@x\r\n\r\n" + b"a.a@" * 200_000,
    "a report of signs": b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n"
    + b" \n\t" * 200_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_mail_is_read_like_any_other(what):
    assert read_mail(HOSTILE[what]).kind in ("reply", "permanent", "temporary")
