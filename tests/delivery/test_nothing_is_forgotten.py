"""What no column of hers leads to is erased too: the bank's files, the rows of whoever she acted for; and the next is found."""

import re
from datetime import timedelta

import pytest
from django.apps import apps

from tests.delivery.test_privacy import CLERK, HER, NAME, NOW, OTHER, dump, lender  # noqa: F401 - a fixture by its name
from tideover.book.fields import SealedField
from tideover.book.models import Fact
from tideover.delivery.privacy.elsewhere import KEEPERS
from tideover.delivery.privacy.erasing import KEPT_TABLES, erase_subject
from tideover.delivery.privacy.retention import retention
from tideover.delivery.privacy.subject import other_models
from tideover.engine.facts import TABLES
from tideover.repayment.ways.debits.forgetting import DebitUnderWay
from tideover.repayment.ways.models import Debit, DebitFile, Mandate
from tideover.support.voice.models import DeathTold, PowerToAct

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("lender")
class TestElsewhere:
    def test_the_banks_file_keeps_its_sums_and_everybody_else(self):
        done = erase_subject(HER, NOW, CLERK)

        xml = DebitFile.objects.get().xml
        assert re.findall(r"<InstdAmt.*?>([\d.]+)</InstdAmt>", xml) == ["1.00", "1.00"]
        assert re.findall(r"<Nm>(.*?)</Nm>", xml)[2:] == [".", "Otto Outsider"]
        assert "LV97HABA0012345678910" in xml
        assert Debit.objects.count() == 2
        assert [(it.rows, it.what) for it in done.kept if it.what == "debits"] == [(1, "debits")]
        assert "Amount, day and number of each direct debit" in " ".join(done.said)
        assert Mandate.objects.get(person_id=OTHER).holder == "Otto Outsider"

    def test_the_banks_copy_in_our_folder_loses_her_too(self, monkeypatch, tmp_path):
        copy = tmp_path / "TIDE-1.xml"
        copy.write_text(DebitFile.objects.get().xml, "utf-8")
        monkeypatch.setenv("TIDEOVER_PAY_DEBIT_FOLDER", str(tmp_path))

        erase_subject(HER, NOW, CLERK)

        assert copy.read_text("utf-8") == DebitFile.objects.get().xml

    @pytest.mark.parametrize(("state", "weeks"), [("sent", 0), ("settled", 7)])
    def test_while_a_debit_can_come_back_she_stays_and_hears_until_when(self, state, weeks):
        on = (NOW - timedelta(weeks=weeks)).date()
        Debit.objects.filter(mandate__person_id=HER).update(state=state, due_on=on)

        with pytest.raises(DebitUnderWay, match=f"{on + timedelta(weeks=8):%d %B %Y}"):
            erase_subject(HER, NOW, CLERK)
        assert NAME in dump()

    def test_what_she_did_for_another_ends_and_stays_without_her(self):
        erase_subject(HER, NOW, CLERK)

        power, death = PowerToAct.objects.get(), DeathTold.objects.get()
        assert (power.state, power.name, power.reach) == ("ended", "", "")
        assert (death.said, death.told_by, death.case.said) == ("Aunt Olga", "", "Aunt Olga")


class TestNothingIsForgotten:
    """A table that is added later cannot slip past."""

    def test_every_table_of_facts_is_kept_with_a_reason_or_is_erased(self):
        assert set(KEPT_TABLES) <= set(TABLES)
        assert set(KEPT_TABLES) <= {name for it in retention() for name in it.tables}

    def test_every_other_table_names_a_person_so_that_it_is_found_or_says_nothing_about_one(self):
        ours = {
            it
            for it in apps.get_models()
            if it.__module__.startswith("tideover.") and not issubclass(it, Fact)
        }
        about_nobody = {it._meta.label for it in ours - set(other_models())}

        assert about_nobody == {
            "access.AuditHead", "access.AuditRow", "access.Invitation", "access.Request", "access.SharedCache", "access.Staff",
            "access.Tries", "api.Client", "api.Endpoint", "api.Kept", "book.Address", "book.ConsentText", "book.Import", "book.Person",
            "delivery.Correction", "delivery.FurtherPart", "delivery.Series", "delivery.Unplaced", "delivery.Volume",
            "privacy.Erasure", "strategy.Lease",
            "repayment_ledger.Entry", "repayment_ledger.LedgerLoan", "repayment_ledger.LedgerPayment",
            "repayment_ledger.Posting", "repayment_ledger.Told",
            "access_borrowers.SignInRequest", "repayment_bills.Understood", "repayment_statements.LineKey", "repayment_statements.Sheet",
            "repayment_statements.StatementFile", "repayment_statements.StatementLine", "repayment_ways.Debit", "repayment_ways.DebitFile",
            "repayment_ways.MandateChange", "repayment_ways.PaymentFile", "repayment_ways.ProviderEvent", "repayment_ways.Reference",
            "repayment_ways.RowSetAside", "strategy.Move", "strategy.Release", "strategy.Run", "strategy.Stop",
            "strategy.Trial",
            "strategy.Watermark",
        }  # fmt: skip

    def test_what_is_sealed_and_what_names_a_second_person_is_found_or_known(self):
        """A sealed text in a table that names nobody, or a key of somebody else in a row of hers, needs a keeper."""
        ours = {
            it
            for it in apps.get_models()
            if it.__module__.startswith("tideover.") and not issubclass(it, Fact)
        }
        sealed = {it for it in ours if any(isinstance(one, SealedField) for one in it._meta.concrete_fields)}
        second = {
            f"{it._meta.label}.{one.name}"
            for it in ours
            for one in it._meta.concrete_fields
            if one.name.endswith("_id") and one.get_internal_type() == "CharField" and one.name not in KEYS
        }

        assert {it._meta.label for it in sealed - set(other_models())} == {
            "api.Endpoint", "book.Address", "book.Person", "delivery.Unplaced", "repayment_statements.StatementFile",
            "repayment_statements.StatementLine", "repayment_ways.DebitFile",
        }  # fmt: skip
        assert second == {
            "access.AuditRow.actor_id",
            "support_voice.DeathTold.executor_id",
            "support_voice.PowerToAct.acts_id",
        }
        assert set(KEEPERS) == {"debits", "powers to act"}


KEYS = (
    "person_id", "loan_id", "payment_id", "contact_id", "decision_id", "application_id", "outside_id", "credential_id",
    "address_id", "message_id", "bank_id", "event_id", "complaint_id",
)  # fmt: skip
"""Keys of the person herself, and of things."""
