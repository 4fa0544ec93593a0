"""What networks hand over is read whatever stands in it: receipts, words in parts, alphabets by another's numbers."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.delivery.channels.sms import pdu
from tideover.delivery.channels.sms.lettering import read
from tideover.delivery.channels.sms.receipts import heard, unread

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TAGS = (
    pdu.MESSAGE_PAYLOAD, pdu.RECEIPTED_ID, pdu.MESSAGE_STATE, pdu.SAR_REFERENCE, pdu.SAR_TOTAL, pdu.SAR_NUMBER, 0x1400,
)  # fmt: skip


def option(tag, value):
    return struct.pack(">HH", tag, len(value)) + value


def handed_over(data, *, kind=0, coding=0, options=b"", sender="37120000001"):
    """The body of a deliver_sm."""
    ends = pdu.text("") + bytes([1, 1]) + pdu.text(sender) + bytes([1, 1]) + pdu.text("1234")
    head = ends + bytes([kind, 0, 0]) + pdu.text("") + pdu.text("") + bytes([0, 0, coding, 0, len(data)])
    return head + data + options


def told(data, **how):
    return heard(pdu.read_deliver(handed_over(data, **how)), NOW)


def test_a_receipt_whose_state_is_left_empty_is_read_by_its_words():
    receipt = told(b"id:1 stat:UNDELIV err:001", kind=4, options=option(pdu.MESSAGE_STATE, b""))

    assert (receipt.reference, receipt.state, receipt.permanent) == ("1", "failed", True)


@pytest.mark.parametrize(
    "words", [b"id:1 stat:UNDELIV err:001", b"id:1 stat:ENROUTE text:Reply STOP", b"id:1 stat:"]
)
def test_what_a_network_tells_in_between_is_nobodys_word_and_no_end(words):
    receipt = told(words, kind=0x20)

    assert (receipt.reference, receipt.state, receipt.permanent) == ("1", "on_the_way", False)


@given(
    data=st.binary(max_size=20),
    kind=st.sampled_from([0, 4, 0x40, 0x44, 0x3C]),
    coding=st.integers(0, 255),
    options=st.lists(st.tuples(st.sampled_from(TAGS), st.binary(max_size=9)), max_size=4),
    cut=st.integers(0, 60),
)
def test_whatever_a_network_hands_over_is_heard_or_known_to_be_broken(data, kind, coding, options, cut):
    body = handed_over(data, kind=kind, coding=coding, options=b"".join(option(*it) for it in options))

    for each in (body, body[:cut]):
        try:
            said = heard(pdu.read_deliver(each), NOW)
        except pdu.Broken:
            said = unread(each, NOW)
        assert said is None or repr(said)


def test_words_in_what_is_broken_can_still_be_read_and_where_there_are_none_nothing_is():
    assert unread(b"\x00\x01\x0137120000001\x00STOP \xff", NOW).text == "37120000001STOP \ufffd"
    assert unread("বন্ধ".encode(), NOW).text == "বন্ধ"
    assert unread(b"\x00\x01\x0137120000001\x00", NOW) is None


PORTS, TABLE = bytes([5, 4, 0, 1, 0, 2]), bytes([0x24, 1, 4])


@pytest.mark.parametrize(
    ("elements", "mark"),
    [
        (bytes([0, 3, 7, 3, 2]), 7),
        (bytes([8, 4, 1, 2, 3, 2]), 258),
        (PORTS + bytes([0, 3, 7, 3, 2]), 7),
        (TABLE + PORTS + bytes([8, 4, 1, 2, 3, 2]), 258),
    ],
)
def test_the_mark_of_a_part_is_found_wherever_it_stands(elements, mark):
    said = told(bytes([len(elements)]) + elements + b"STOP", kind=pdu.UDH)

    assert (said.text, said.part) == ("STOP", (mark, 3, 2))


@pytest.mark.parametrize(
    "data", [b"STOP", b"\x00STOP", PORTS[:0] + b"\x06" + PORTS + b"STOP", b"\x02\x00\x03STOP"]
)
def test_a_header_that_is_none_or_names_no_part_costs_no_word(data):
    said = told(data, kind=pdu.UDH)

    assert (said.text[-4:], said.part) == ("STOP", None)


@pytest.mark.parametrize(
    ("coding", "data", "text"),
    [
        (0x00, b"\x05", "é"),
        (0x10, b"\x05", "é"),
        (0xF0, b"\x05", "é"),
        (0xF3, b"\x05", "é"),
        (0xC8, b"\x05", "é"),
        (0x18, b"\x00\xe9", "é"),
        (0xE0, b"\x00\xe9", "é"),
        (0x08, b"\x00\xe9", "é"),
        (0x03, b"\xe9", "é"),
        (0x01, b"$1 asha@x_y", "$1 asha@x_y"),
        (0x04, "é".encode(), "é"),
        (0xF5, "é".encode(), "é"),
    ],
)
def test_a_text_that_is_shown_at_once_or_waits_in_a_mailbox_is_read_in_its_own_alphabet(coding, data, text):
    assert read(data, coding) == text
