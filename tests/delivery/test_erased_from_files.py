"""Beside the database lie pages of nights and mail that nobody could place: after an erasure none of them names her."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage

import pytest

from tests.delivery.test_privacy import (
    CLERK,
    HER,
    MAIL,
    NAME,
    lender,  # noqa: F401 - a fixture by its name
    small,  # noqa: F401 - the same
)
from tests.people import late
from tests.recording import recorded
from tests.web.api import NOW
from tideover.delivery.privacy.erasing import erase_subject
from tideover.kit.errors import Refused
from tideover.strategy.day import last_night
from tideover.strategy.reports import report_of
from tideover.strategy.runs import run_nightly

pytestmark = pytest.mark.django_db(transaction=True)


def written(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def mail(text, *, sender="relay@example.org", encoding="7bit"):
    letter = EmailMessage()
    letter["From"] = sender
    letter["Subject"] = "Undelivered"
    letter.set_content(text, cte=encoding)
    return letter


def pages_and_mail(folder):
    """What lies beside the database: pages of runs and mail that nobody could place, hers and that of others."""
    unmatched, returned = folder / "unmatched-mail", mail("It came back.")
    returned.add_attachment(mail(f"Dear {NAME}"))
    hers = [
        written(next((folder / "runs").glob("*-nightly")) / "report.html", f"<b>{HER}</b> A death was told."),
        written(unmatched / "1.eml", mail("Who are you?", sender=f"Z <{MAIL.upper()}>").as_string()),
        written(unmatched / "2.eml", mail(f"About {HER}", encoding="base64").as_string()),
        written(unmatched / "3.eml", returned.as_string()),
    ]
    of_another = [
        written(unmatched / "4.eml", mail(f"About {HER}ine").as_string()),
        written(hers[0].parent / "numbers.html", "2 people"),
    ]
    return hers, of_another


def as_read(path):
    """A file as somebody would read it: a mail with its parts decoded."""
    raw = path.read_bytes()
    parts = message_from_bytes(raw).walk() if path.suffix == ".eml" else ()
    decoded = [it.get_payload(decode=True) or b"" for it in parts]
    return b"\n".join([raw, raw.lower(), *decoded]).decode("utf-8", "replace").replace(f"{HER}ine", "")


def test_mail_and_reports_beside_the_database_name_her_no_more(lender):  # noqa: F811
    hers, of_another = pages_and_mail(lender)
    named = re.compile("|".join(re.escape(it) for it in (HER, MAIL, NAME)))
    before = [path for path in hers if not named.search(as_read(path))]
    assert before == []

    erase_subject(HER, NOW, CLERK)

    left = [path for path in lender.rglob("*") if path.is_file() and path.suffix != ".parquet"]
    assert [path for path in left if named.search(as_read(path))] == []
    assert [path for path in hers if path.exists()] == []
    assert [path for path in of_another if not path.exists()] == []


def test_a_demo_keeps_neither_the_book_it_made_up_nor_what_it_sent_her(lender, settings):  # noqa: F811
    settings.DEMO = True
    for name in ("book/borrowers.csv", "today/report.html", "mailbox/new/1"):
        written(lender / name, f"To: {MAIL}\n\n{HER}")

    erase_subject(HER, NOW, CLERK)

    assert [it for it in ("book", "today", "mailbox/new/1") if (lender / it).exists()] == []


def test_a_folder_of_the_lenders_own_by_such_a_name_stays(lender):  # noqa: F811
    written(lender / "book" / "borrowers.csv", "theirs")

    erase_subject(HER, NOW, CLERK)

    assert (lender / "book" / "borrowers.csv").exists()


def test_what_erasing_does_not_reach_is_said(small):  # noqa: F811
    assert "backups" in erase_subject(HER, NOW, CLERK).said[-1]


def test_the_report_of_the_night_before_is_made_again_after_the_next(lender):  # noqa: F811
    erase_subject(HER, NOW, CLERK)
    with pytest.raises(Refused):
        report_of(last_night())

    run_nightly(at=NOW + timedelta(days=1))

    assert HER not in report_of(last_night())


def test_a_key_that_stands_in_every_date_takes_nobody_elses_mail(small):  # noqa: F811
    recorded(late("25"))
    theirs = written(small / "unmatched-mail" / "1.eml", "Date: Wed, 25 Nov 2026 10:00:00 +0000\n\nHello")

    erase_subject("25", NOW, CLERK)

    assert theirs.exists()
