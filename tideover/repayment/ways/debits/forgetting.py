"""Her debits after she was erased: amounts and days stay, name, account and mandate go; also from the bank's files we keep."""

from __future__ import annotations

import os
import secrets
import xml.etree.ElementTree as ET
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from tideover.delivery.privacy.elsewhere import Forgotten
from tideover.kit.errors import Refused
from tideover.repayment.ways.debits.settings import FOLDER
from tideover.repayment.ways.models import Debit, DebitFile, Mandate, MandateChange

COMES_BACK_WITHIN = timedelta(weeks=8)
"""A debtor's bank brings a debit back within eight weeks without asking why (Directive (EU) 2015/2366, article 77)."""

NAMES_HER = ("DrctDbtTx", "DbtrAgt", "DbtrAcct", "RmtInf")
"""Parts of a collection that say whose money it was: mandate, bank, account, and the number of her loan."""


class DebitUnderWay(Refused):
    """A debit is with the bank, or can still come back; it needs her account."""


def may_go(person_id: str, at: datetime) -> None:
    """Raises DebitUnderWay where the money is on its way, or her bank can still bring it back."""
    hers = Debit.objects.filter(mandate__person_id=person_id)
    since = (at - COMES_BACK_WITHIN).date()
    last = hers.filter(state__in=("sent", "settled"), due_on__gt=since).order_by("-due_on").first()
    if last is not None:
        day = last.due_on + COMES_BACK_WITHIN
        raise DebitUnderWay(
            f"A debit of {last.due_on:%d %B %Y} can come back until {day:%d %B %Y}, and is found by her account. "
            "Ask again after that day."
        )


def forget(who: Forgotten) -> dict[str, int]:
    """Debits lose her name, account and mandate; mandates that took nothing go with everything else of hers."""
    hers = Debit.objects.filter(mandate__person_id=who.person_id)
    hers.filter(state="noticed").update(state="left_out", because="erased")
    numbers = set(hers.values_list("end_to_end", flat=True))
    files = list(DebitFile.objects.filter(debits__in=hers).distinct())
    for file in files:
        file.xml = without(file.xml, numbers)
        _lay_again(file)
    DebitFile.objects.bulk_update(files, ["xml"])
    MandateChange.objects.filter(mandate__person_id=who.person_id).delete()
    for it in Mandate.objects.filter(person_id=who.person_id, debits__isnull=False).distinct():
        it.person_id, it.loan_id = who.instead, who.loans.get(it.loan_id, who.instead)
        it.umr, it.once = _by_chance(), _by_chance()
        it.account, it.account_end, it.holder, it.bank, it.state = "", "", "", "", "ended"
        it.ended_at = it.ended_at or who.at
        it.save()
    return {"debits": len(numbers)}


def without(xml: str, numbers: Collection[str]) -> str:
    """The file with its sums as they were, and nothing in these collections that says whose money it was."""
    root = ET.fromstring(xml)  # noqa: S314 - we wrote it ourselves
    space = root.tag.partition("}")[0].lstrip("{")
    ET.register_namespace("", space)
    for one in root.iter(f"{{{space}}}DrctDbtTxInf"):
        if one.findtext(f"{{{space}}}PmtId/{{{space}}}EndToEndId") in numbers:
            for part in NAMES_HER:
                for found in one.findall(f"{{{space}}}{part}"):
                    one.remove(found)
            for name in one.iterfind(f"{{{space}}}Dbtr/{{{space}}}Nm"):
                name.text = "."
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _lay_again(file: DebitFile) -> None:
    """Where the bank's copy still lies in our folder, it is written anew."""
    folder = os.environ.get(FOLDER, "")
    path = Path(folder) / f"{file.message_id}.xml"
    if folder and path.is_file():
        path.write_text(file.xml, "utf-8")


def _by_chance() -> str:
    return f"gone-{secrets.token_hex(10)}"
