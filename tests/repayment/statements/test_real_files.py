"""Files as banks really write them, each dialect: read whole, and as another program decoded them where it did."""

import json
import tarfile
from collections import Counter

import pytest

from tests.real.sources import files
from tideover.repayment.statements.reading import Aside, Begins, Ends, Line, Unreadable, read_file

DATA = files("bank_files")
pytestmark = pytest.mark.skipif(
    not (DATA / "bank_files.tar.gz").exists(),
    reason="the collection of bank files is not part of the repository: ../shared/data/bank_files is absent",
)
AS_BOOKED = {
    # file: statements, lines, what is set aside, statements whose balances and lines agree
    "abnamro.sta": (2, 10, 0, 0),
    "ing.sta": (1, 7, 0, 0),
    "knab.sta": (2, 3, 0, 1),
    "postfinance.sta": (2, 4, 0, 1),
    "triodos.sta": (1, 2, 0, 0),
    "rabobank.sta": (4, 5, 0, 2),
    "mt942.sta": (1, 3, 0, 0),
    "raiffeisen-cmi.sta": (1, 7, 0, 0),
    "february_30.sta": (1, 1, 0, 1),
    "171011_01234945.sta": (1, 3, 0, 1),
    "sparkassen.sta": (1, 0, 1, 0),
    "with_newline_in_tnr.sta": (1, 2, 0, 0),
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Every file of the collection, unpacked."""
    place = tmp_path_factory.mktemp("bank-files")
    for name in ("bank_files", "ofx_quirks"):
        with tarfile.open(DATA / f"{name}.tar.gz") as tar:
            tar.extractall(place, filter="data")
    return place


def heard(path, **about):
    return list(read_file(path, **about)[1])


def test_every_file_is_read_and_what_is_not_is_said(collected):
    told = Counter()
    for path in sorted(collected.rglob("*")):
        if path.is_file() and path.suffix != ".json" and "pain" not in path.name:
            try:
                told.update(type(it).__name__ for it in heard(path, currency="USD"))
            except Unreadable:
                told[path.name] += 1

    assert told == {"Line": 122, "Begins": 72, "Ends": 72, "Aside": 4, "invalid_statement.sta": 1}


@pytest.mark.parametrize("name", AS_BOOKED)
def test_the_dialects_of_mt940(collected, name):
    paths = [it for it in collected.rglob(name) if "self-provided/mt942" not in str(it)]
    it = heard(paths[0])

    lines, total, agree = 0, 0, 0
    for one in it:
        total = 0 if isinstance(one, Begins) else total + (one.amount if isinstance(one, Line) else 0)
        lines += isinstance(one, Line)
        agree += (
            isinstance(one, Ends)
            and None not in (one.opening, one.closing)
            and one.opening + total == one.closing
        )
    aside = sum(isinstance(one, Aside) for one in it)
    assert (sum(isinstance(one, Begins) for one in it), lines, aside, agree) == AS_BOOKED[name]


def test_camt_says_what_another_program_read(collected):
    compared = 0
    for path in sorted((collected / "genkgo-camt").glob("*.xml")):
        (entry,) = json.loads(path.with_suffix(".json").read_text("utf-8"))["getEntries"]
        (line,) = [it for it in heard(path) if isinstance(it, Line)]
        amount = int(entry["getAmount"]["getAmount"])
        assert (path.name, line.amount, line.currency) == (
            path.name,
            amount,
            entry["getAmount"]["getCurrency"]["getCode"],
        )
        for ours, theirs in (
            (line.booked_on, entry["getBookingDate"]),
            (line.value_on, entry["getValueDate"]),
        ):
            assert theirs is None or theirs["0"].startswith(ours.isoformat()), path.name
        assert line.is_reversal == bool(entry["getReversalIndicator"])
        assert line.is_pending == (entry["getStatus"] == "PDNG")
        detail = entry.get("getTransactionDetail")
        if (
            isinstance(detail, dict)
            and detail["getReference"]
            and detail["getReference"]["getEndToEndId"]
            and line.parts
        ):
            assert line.end_to_end == detail["getReference"]["getEndToEndId"].replace("NOTPROVIDED", ""), (
                path.name
            )
        compared += 1

    assert compared == 17


def test_a_returned_debit_carries_its_reason_and_its_mandate(collected):
    (line,) = [
        it for it in heard(next(collected.rglob("test-camt-ruecklastschrift.xml"))) if isinstance(it, Line)
    ]

    assert (line.amount, line.return_code, line.references) == (-5_300, "MS03", ("TEST1234",))


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        ("amount-comma-decimal", -200_000),
        ("amount-plus-sign-and-space", 100_660),
        ("self-closing-memo-tag", -1_000),
    ],
)
def test_deviations_of_ofx(collected, name, amount):
    (line,) = [it for it in heard(next(collected.rglob(f"{name}.*fx"))) if isinstance(it, Line)]

    assert line.amount == amount


def test_letters_beyond_ascii_are_kept(collected):
    names = [it.name for path in collected.rglob("*-ofx-2.ofx") for it in heard(path) if isinstance(it, Line)]

    assert names == ["ANON ÉNERGIE"]
