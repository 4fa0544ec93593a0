"""Codes, references and numbers: what a bank's app reads is what we meant."""

import xml.etree.ElementTree as ET
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recording import NOW
from tideover.kit.money import Money
from tideover.repayment.loans import Loan
from tideover.repayment.ways import due_picture, emv
from tideover.repayment.ways.bill_id.numbers import (
    NotThisAmount,
    amount_of,
    bill_id,
    check_digit,
    fits,
    payment_id,
    subscriber_of,
)
from tideover.repayment.ways.contract import Ask, NotConnected
from tideover.repayment.ways.debits.message import Collection, Creditor, plain, written
from tideover.repayment.ways.emv import Field, NotAPayload
from tideover.repayment.ways.references import adds_up, in_groups, reference_of
from tideover.repayment.ways.register import open_way, open_ways, way_names, ways_in

TEXT = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-", min_size=1, max_size=25)


def ask(minor=10_050, currency="EUR", **about):
    known = {
        "code": "a1b2c3d4e5f60718",
        "reference": reference_of("asha-loan-1"),
        "back_to": "https://lender.example/me/pay/",
    }
    return Ask(**{**known, "amount": Money(minor, currency), **about})


# --- references


@given(st.text(min_size=1, max_size=200))
def test_every_loan_has_one_reference_that_adds_up(loan):
    reference = reference_of(loan)

    assert reference == reference_of(loan)
    assert len(reference) == 20
    assert adds_up(in_groups(reference).lower())


@given(st.text(min_size=1, max_size=60), st.integers(2, 19), st.integers(1, 25))
def test_a_mistyped_digit_or_letter_is_noticed(loan, place, step):
    reference = reference_of(loan)
    kind = "0123456789" if reference[place].isdecimal() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    sign = kind[(kind.index(reference[place]) + step) % len(kind)]
    typed = reference[:place] + sign + reference[place + 1 :]

    assert adds_up(typed) == (typed == reference)


def test_references_of_others_are_checked_by_the_standards_own_example():
    assert adds_up("RF18 5390 0754 7034")
    assert not adds_up("RF19 5390 0754 7034")


# --- EMVCo


def test_the_check_is_that_of_the_standard():
    assert emv.crc16(b"123456789") == 0x29B1


@given(st.dictionaries(st.integers(0, 62).map("{:02}".format), TEXT, min_size=1, max_size=8))
def test_what_was_written_is_read_again(fields):
    text = emv.payload(Field(tag, value) for tag, value in fields.items())

    assert emv.read(text) == {**fields, "63": text[-4:]}


@given(st.integers(0, 200), st.sampled_from("0123456789ABCDEF"))
def test_a_code_that_was_changed_is_refused(place, sign):
    text = emv.payload([Field("00", "01"), Field("53", "704"), Field("54", "1000"), Field("58", "VN")])
    place %= len(text)
    changed = text[:place] + sign + text[place + 1 :]

    if changed != text:
        with pytest.raises(NotAPayload):
            emv.read(changed)


def test_vietqr_leads_to_the_account_with_amount_and_reference(environ):
    way = open_way("vietqr", environ)

    told = emv.read(way.text(ask(150_000, "VND")))

    account = dict(emv.fields(told["38"]))
    assert (account["00"], account["02"]) == ("A000000727", "QRIBFTTA")
    assert dict(emv.fields(account["01"])) == {"00": "970436", "01": "0123456789"}
    assert (told["53"], told["54"], told["58"]) == ("704", "150000", "VN")
    assert dict(emv.fields(told["62"]))["08"] == reference_of("asha-loan-1")


def test_bangla_qr_names_the_merchant_as_the_bank_wrote_it(environ):
    told = emv.read(open_way("banglaqr", environ).text(ask(125_050, "BDT")))

    assert dict(emv.fields(told["26"])) == {"00": "org.example.qr", "01": "000123456"}
    assert (told["52"], told["53"], told["54"], told["58"]) == ("6012", "050", "1250.50", "BD")
    assert told["59"] == "Harbour Credit"


# --- links and lines


def test_upi_opens_her_app_with_everything_filled_in(environ):
    shown = open_way("upi", environ).begin(ask(50_000, "INR"))

    told = parse_qs(urlsplit(shown.opens).query)
    assert told["pa"] == ["harbour@bank"]
    assert (told["am"], told["cu"]) == (["500.00"], ["INR"])
    assert told["tr"] == ["a1b2c3d4e5f60718"]
    assert "loan" not in shown.opens


def test_a_transfer_in_euros_has_a_code_and_one_in_pounds_has_lines_alone(environ):
    way = open_way("transfer", environ)

    euros, pounds = way.begin(ask()), way.begin(ask(currency="GBP"))

    assert euros.qr.startswith("data:image/svg+xml")
    assert pounds.qr == ""
    assert {it.key: it.value for it in euros.lines}["amount"] == "100.50"


def test_an_account_with_a_wrong_digit_connects_nothing(environ):
    with pytest.raises(NotConnected, match="cannot be right"):
        open_way("transfer", {**environ, "TIDEOVER_PAY_ACCOUNT": "LV81BANK0000435195001"})


# --- Iranian bills


def test_the_check_digits_of_a_bill_are_those_of_a_printed_one():
    # A bill and its payment as they are printed on a phone bill: 7748317800142 and 1770160.
    assert fits("7748317800142", "1770160")
    assert amount_of("1770160") == 17_000
    assert not fits("7748317800142", "1770161")


@given(st.integers(1, 99_999_999), st.integers(1, 99_999_999), st.integers(0, 9), st.integers(1, 12))
def test_a_bill_of_ours_adds_up_and_is_found_again(number, thousands, year, month):
    bill = bill_id(number, "123", "9")
    payment = payment_id(bill, thousands * 1_000, year=year, period=month)

    assert fits(bill, payment)
    assert (subscriber_of(bill), amount_of(payment)) == (number, thousands * 1_000)
    assert 0 <= check_digit(bill) <= 9


def test_what_is_no_whole_thousand_is_refused_in_words():
    with pytest.raises(NotThisAmount, match="whole thousands"):
        payment_id(bill_id(1, "123", "9"), 1_500, year=5, period=1)


# --- which are shown


def test_local_ways_come_first_and_the_one_used_last_before_them(environ):
    assert ways_in("INR", "IN", environ=environ)[0].code == "upi"
    assert [it.code for it in ways_in("BDT", "BD", last="branch", environ=environ)][:2] == [
        "branch",
        "banglaqr",
    ]
    assert "card" not in [it.code for it in ways_in("IRR", "IR", environ=environ)]


def test_a_way_without_its_settings_stays_closed():
    assert open_ways({}) == ()
    assert "transfer" in way_names()


# --- the bank's file


def test_the_banks_file_has_its_elements_in_order_and_adds_up():
    on = date(2026, 12, 4)
    some = [
        Collection(
            f"E2E-{number}", "T1", NOW.date(), Money(10_050 + number, "EUR"), on, number == 1, "Elīna Bērziņa",
            "LV80BANK0000435195001", "BANKLV22", "RF18",
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    text = written(
        "TIDE-1", Creditor("Harbour & Sons", "LV19ZZZ40003245752", "LV80BANK0000435195001"), some, at=NOW
    )

    space = "{urn:iso:std:iso:20022:tech:xsd:pain.008.001.02}"
    root = ET.fromstring(text)
    tags = [it.tag.removeprefix(space) for it in root.find(f"{space}CstmrDrctDbtInitn/{space}PmtInf")]
    assert tags[:10] == [
        "PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "PmtTpInf", "ReqdColltnDt", "Cdtr", "CdtrAcct", "CdtrAgt", "ChrgBr",
    ]  # fmt: skip
    assert [it.text for it in root.iter(f"{space}SeqTp")] == ["RCUR", "FRST"]
    assert root.find(f"{space}CstmrDrctDbtInitn/{space}GrpHdr/{space}CtrlSum").text == "301.56"
    assert next(root.iter(f"{space}Dbtr")).findtext(f"{space}Nm") == "Elina Berzina"


@given(st.text(max_size=200))
def test_names_are_written_in_letters_that_banks_take(name):
    assert plain(name, 70).isascii()
    assert 1 <= len(plain(name, 70)) <= 70


def test_a_bill_shows_the_code_of_the_first_way_of_her_country_that_has_one(environ):
    loan = Loan("x", "x", "borrower", "all", "", "", "", "EUR", 0, None, "", None, None, None, ())

    assert due_picture(loan, Money(100, "EUR"), "LV", at=NOW, environ=environ).startswith(
        "data:image/svg+xml"
    )
    assert due_picture(loan, Money(100, "EUR"), "LV", at=NOW, environ={}) == ""
