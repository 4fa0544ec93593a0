"""Card numbers typed into fields that are not for them are kept nowhere (PCI DSS 4.0.1, SAQ A)."""

import random

import pytest
from django.db import connection

from tests.people import late
from tests.portal import signed_in_as
from tests.recording import NOW, recorded
from tests.repayment.ways.connected import environ
from tests.staff import member, signed_in
from tideover.access.actors import SYSTEM
from tideover.repayment.ways.files import take_file
from tideover.repayment.ways.models import BranchReceipt, PayLink

__all__ = ["environ"]
pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"
SCRIPTS = ("0123456789", "০১২৩৪৫৬৭৮৯", "۰۱۲۳۴۵۶۷۸۹")


def numbers(how_many):
    """Visa, Mastercard and American Express by their check digit, spaced, in three scripts."""
    chance, made = random.Random(39), []
    for place in range(how_many):
        begins, length = (("4", 16), ("53", 16), ("37", 15))[place % 3]
        body = begins + "".join(str(chance.randrange(10)) for _ in range(length - 1 - len(begins)))
        digits = [int(it) * (2 if (length - at) % 2 == 0 else 1) for at, it in enumerate(body)]
        check = -sum(it - 9 if it > 9 else it for it in digits) % 10
        plain = f"{body}{check}"
        spaced = " ".join(plain[at : at + 4] for at in range(0, length, 4)) if place % 2 else plain
        made.append((plain, spaced.translate(str.maketrans(SCRIPTS[0], SCRIPTS[place % 5 % 3]))))
    return made


def everything_kept():
    """Every text of every table of ours, secret ones opened."""
    kept = [f"{it.asks}\n{it.word}\n{it.once}" for it in PayLink.objects.all()]
    kept += [f"{it.cheque_number}\n{it.once}" for it in BranchReceipt.objects.all()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("repayment_", "book_", "access_audit")):
                cursor.execute(f'SELECT * FROM "{table}"')
                kept += [str(row) for row in cursor.fetchall()]
    return "".join(kept).translate(str.maketrans(SCRIPTS[1] + SCRIPTS[2], SCRIPTS[0] * 2)).replace(" ", "")


def test_no_field_of_these_pages_keeps_a_card_number(environ, client):
    recorded(late("asha"))
    every = numbers(36)
    signed_in_as(client, "asha")
    for place, (_, typed) in enumerate(every):
        form = {"asks": f"Asha {typed}", "word": typed, "amount": "1", "once": f"{place} {typed}"}
        client.post(f"/me/pay/for-me/{LOAN}/", form)
        client.post(f"/me/pay/{LOAN}/", {"amount": typed})
        client.post(f"/me/pay/{LOAN}/way/", {"amount": "100", "way": typed, "once": typed})
    signed_in(client, member("agent", "north"))
    for place, (plain, typed) in enumerate(every[:12]):
        form = {"loan": LOAN, "amount": "1", "kind": "cheque", "once": f"{place} {typed}"}
        client.post("/desk/payments/new", {**form, "cheque": plain})
    rows = "\n".join(f"{plain},{LOAN},1.00,2026-11-24,GBP" for plain, _ in every)
    taken = take_file(
        mapping="agent_network",
        data=f"transaction_id,reference,amount,date,currency\n{rows}".encode(),
        by=SYSTEM,
        at=NOW,
    )

    kept = everything_kept()

    assert PayLink.objects.count() == 36
    assert not BranchReceipt.objects.exists()
    assert (taken.booked, taken.set_aside) == (0, 36)
    assert [plain for plain, _ in every if plain in kept] == []
