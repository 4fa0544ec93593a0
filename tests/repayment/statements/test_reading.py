"""What a reader refuses, and what it sets aside."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repayment.statements.banks import KINDS, MAPPING, Move, written
from tideover.repayment.statements.names import name_key, reference_key
from tideover.repayment.statements.reading import Aside, Columns, Line, Unreadable, read_file
from tideover.repayment.statements.reading.amounts import NotReadable, bank_day, minor_either
from tideover.repayment.statements.reading.camt import Forbidden

DAY = date(2026, 11, 20)
BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
PLAIN = st.text(st.sampled_from("abcXYZ 0129.-"), max_size=40).map(lambda it: " ".join(it.split()))


def read(tmp_path, told, **about):
    path = tmp_path / "file"
    path.write_bytes(told)
    return list(read_file(path, **about)[1])


@pytest.mark.parametrize(
    "before",
    [
        BOMB,
        b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://sink.example/x.dtd">',
        BOMB.decode().encode("utf-16"),
    ],
)
def test_a_document_type_is_refused(tmp_path, before):
    body = written("camt08", [Move(DAY, 100, "x")]).partition(b"?>")[2]
    body = body if before[:2] != b"\xff\xfe" else body.decode().encode("utf-16-le")

    with pytest.raises(Forbidden):
        read(tmp_path, before + body)


def test_a_file_that_is_cut_off_keeps_what_came_before(tmp_path):
    told = written("camt08", [Move(DAY, 100, "a"), Move(DAY, 200, "b")])
    found = read(tmp_path, told[: told.rindex(b"<Ntry>") + 40])

    assert [it.amount for it in found if isinstance(it, Line)] == [100]
    assert any(isinstance(it, Aside) and "broken" in it.why for it in found)


def test_one_bad_line_is_set_aside_and_the_others_are_read(tmp_path):
    told = written("mt940", [Move(DAY, 100, "a"), Move(DAY, 200, "b")]).replace(b"C1,00N", b"CxxN", 1)
    found = read(tmp_path, told)

    assert [it.amount for it in found if isinstance(it, Line)] == [200]
    assert sum(isinstance(it, Aside) for it in found) == 1


def test_what_is_no_statement_is_refused(tmp_path):
    with pytest.raises(Unreadable):
        read(tmp_path, b"PK\x03\x04 something else")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1 006,60", 100_660),
        ("1,006.60", 100_660),
        ("-2000,00", -200_000),
        ("1.006.600,5", 100_660_050),
        ("+7", 700),
    ],
)
def test_amounts_are_read_with_either_mark(text, minor):
    assert minor_either(text, "EUR") == minor


@pytest.mark.parametrize("text", ["1,234", "1e3", "NaN", "", "12.345", "--1"])
def test_amounts_with_two_readings_are_not_guessed(text):
    with pytest.raises(NotReadable if text != "12.345" else Exception):
        minor_either(text, "EUR")


def test_the_thirtieth_of_february_is_its_last_day():
    assert bank_day(2016, 2, 30) == date(2016, 2, 29)


@given(
    kind=st.sampled_from(KINDS),
    moves=st.lists(
        st.builds(
            Move, on=st.dates(date(2026, 1, 1), date(2026, 12, 31)), amount=st.integers(-(10**9), 10**9).filter(bool),
            text=PLAIN, name=PLAIN.map(lambda it: it[:26]), bank_id=st.sampled_from(["", "N1", "N2"]),
        ),
        max_size=8,
    ),
)  # fmt: skip
def test_what_a_bank_writes_is_read_as_it_was(tmp_path_factory, kind, moves):
    path = tmp_path_factory.mktemp("one") / "file"
    path.write_bytes(written(kind, moves, opening=77))
    found = [it for it in read_file(path, columns=Columns(**MAPPING))[1] if isinstance(it, Line)]

    assert [(it.booked_on, it.amount, it.bank_id) for it in found] == [
        (it.on, it.amount, it.bank_id) for it in moves
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mary Müller", "MUELLER MARY"),
        ("Elīna Bērziņa", "berzina, elina"),
        ("Иван Петров", "Petrov Ivan"),
        ("Mrs Ann Łuk", "ann luk"),
    ],
)
def test_names_are_one_however_a_bank_writes_them(one, other):
    assert name_key(one) == name_key(other)


def test_a_single_word_names_nobody():
    assert name_key("Mary") == ""


def test_a_reference_is_one_however_it_is_typed():
    assert reference_key("rf18 5390-O0I1") == reference_key("RF1853900011")
