"""What leads to somebody without a column of hers: a bank's file with two collections, a power to act, a death that was told."""

from datetime import timedelta

from tests.recording import NOW
from tideover.kit.money import Money
from tideover.repayment.ways.debits.message import Collection, Creditor, written
from tideover.repayment.ways.models import Debit, DebitFile, Mandate, MandateChange
from tideover.support.models import Case
from tideover.support.voice.models import DeathTold, PowerToAct


def debited(person, holder, account, umr):
    """Taken by direct debit nine weeks ago, in the one file of that day."""
    at = NOW - timedelta(weeks=9)
    mandate = Mandate.objects.create(
        umr=umr, once=f"{person}-1", person_id=person, loan_id=f"{person}-loan-1", currency="EUR", account=account,
        account_end=account[-4:], holder=holder, signed_at=at, text_hash="t", language="en",
    )  # fmt: skip
    MandateChange.objects.create(mandate=mandate, what="move", state_before="active", days_before=0, at=at)
    one = Collection(
        f"{umr}-1-1",
        umr,
        at.date(),
        Money(100, "EUR"),
        at.date(),
        True,
        holder,
        account,
        text=f"Loan {person}",
    )
    debit = Debit.objects.create(
        end_to_end=one.end_to_end,
        mandate=mandate,
        number=1,
        amount=100,
        due_on=at.date(),
        state="settled",
        noticed_at=at,
    )
    before = DebitFile.objects.first()
    xml = written("TIDE-1", Creditor("Harbour Credit", "LV19", "LV80"), [one], at=at)
    if before is None:
        debit.file = DebitFile.objects.create(message_id="TIDE-1", made_at=at, xml=xml)
    else:  # both in one block
        block = xml[xml.index("<DrctDbtTxInf>") : xml.index("</PmtInf>")]
        before.xml = before.xml.replace("</PmtInf>", f"{block}</PmtInf>")
        before.save()
        debit.file = before
    debit.save()


def she_acts_for(person, her, name, mail, phone):
    """Somebody else let her act for them, and she told of a death and had the letter."""
    PowerToAct.objects.create(
        once="p1", person_id=person, acts_id=her, name=name, reach=mail, may=["see"], given_at=NOW, until_on=NOW.date() + timedelta(days=9)
    )  # fmt: skip
    case = Case.objects.create(
        kind="death", person_id=person, said=f"Aunt Olga\n{name}\n{phone}", from_row="death-1", due_on=NOW.date(), opened_at=NOW
    )  # fmt: skip
    DeathTold.objects.create(
        once="d1",
        person_id=person,
        said="Aunt Olga",
        told_by=name,
        reach=phone,
        case=case,
        told_at=NOW,
        executor_id=her,
    )
