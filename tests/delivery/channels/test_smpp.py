"""Text messages by SMPP over a real connection, against bytes read and written by another implementation."""

import asyncio
from datetime import timedelta

import pytest
from smpplib import consts

from tests.delivery.messages import AT, SCRIPTS, sent, text_message
from tests.delivery.smsc import message_centre
from tideover.delivery.channels import Busy, Rejected, TooLate, Unknown, Withdrawn, open_channel
from tideover.delivery.channels.contract import Clock
from tideover.delivery.channels.sms.listening import listen


def sms(centre, more=""):
    return open_channel("sms", {"TIDEOVER_SMS_URL": centre.url + more})


async def test_an_accepted_text_has_the_networks_reference_and_its_use_by():
    async with message_centre() as centre:
        accepted = await sent(sms(centre), text_message(text="Friday"))

    submit = centre.submits[0]
    assert (accepted.reference, accepted.parts) == ("id1", 1)
    assert (submit.destination_addr, submit.dest_addr_ton) == (b"447700900123", consts.SMPP_TON_INTL)
    assert (submit.source_addr, submit.source_addr_ton) == (b"LENDER", consts.SMPP_TON_ALNUM)
    assert (submit.short_message, submit.data_coding) == (b"Friday", 0)
    assert submit.validity_period == b"261120170000000+"
    assert submit.registered_delivery == 1


@pytest.mark.parametrize("language", SCRIPTS)
async def test_each_script_arrives_whole(language):
    words = SCRIPTS[language][1] * 4

    async with message_centre() as centre:
        accepted = await sent(sms(centre), text_message(text=words, language=language))

    assert accepted.parts == len(centre.submits) > 1
    assert len({accepted.reference, *accepted.further}) == accepted.parts
    headers = [it.short_message[:6] for it in centre.submits]
    assert len({it[:5] for it in headers}) == 1
    assert [it[5] for it in headers] == list(range(1, len(headers) + 1))
    body = b"".join(it.short_message[6:] for it in centre.submits)
    coding = centre.submits[0].data_coding
    assert (body.decode("utf-16-be") if coding == 8 else body.decode("ascii").replace("\x01", "£")) == words


async def test_a_long_text_can_go_whole_where_the_network_likes_it_so():
    words = SCRIPTS["bn"][1] * 4

    async with message_centre() as centre:
        await sent(sms(centre, "&long=payload"), text_message(text=words))

    assert len(centre.submits) == 1
    assert centre.submits[0].message_payload.decode("utf-16-be") == words


async def test_a_registered_template_travels_as_its_own_parameter():
    async with message_centre() as centre:
        await sent(sms(centre, "&template_tag=0x1401"), text_message(text="Friday", template_id="1107"))

    assert len(centre.submits) == 1


@pytest.mark.parametrize(
    ("mode", "error", "about"),
    [
        ("throttle", Busy, "rate"),
        ("no_bind", Busy, "not_admitted"),
        ("reject", Rejected, "bad_address"),
    ],
)
async def test_a_refusal_is_told_with_its_reason(mode, error, about):
    async with message_centre(mode) as centre:
        with pytest.raises(error) as told:
            await sent(sms(centre), text_message(text="Friday"))

    assert about in str(told.value)
    assert "447700" not in str(told.value)


@pytest.mark.parametrize("mode", ["drop", "stall"])
async def test_a_lost_reply_is_unknown_because_the_text_may_have_been_taken(mode):
    async with message_centre(mode) as centre:
        with pytest.raises(Unknown):
            await sent(sms(centre), text_message(text="Friday"))

    assert len(centre.submits) == 1


async def test_a_text_of_which_one_part_has_left_is_unknown_and_not_rejected():
    async with message_centre("second_part") as centre:
        with pytest.raises(Unknown):
            await sent(sms(centre), text_message(text=SCRIPTS["bn"][1] * 4))


@pytest.mark.parametrize("status", [consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL])
async def test_a_further_part_that_the_network_is_too_busy_for_is_asked_again_and_the_text_arrives_whole(
    status,
):
    async with message_centre() as centre:
        centre.refuses = {2: status, 4: status}
        accepted = await sent(sms(centre), text_message(text=SCRIPTS["bn"][1] * 4))

    assert accepted.parts == len(centre.submits) > 2
    assert [it.short_message[5] for it in centre.submits] == list(range(1, accepted.parts + 1))


async def test_a_further_part_is_not_asked_for_beyond_the_use_by():
    async with message_centre() as centre:
        centre.refuses = dict.fromkeys(range(2, 20), consts.SMPP_ESME_RTHROTTLED)
        with pytest.raises(Unknown):
            await sent(sms(centre), text_message(text=SCRIPTS["bn"][1] * 4, use_by=AT + timedelta(seconds=1)))

    assert len(centre.submits) == 1
    assert centre.asked < 6


@pytest.mark.parametrize("name", [b"id77", b"", b"\x00"])
async def test_a_text_that_was_taken_is_accepted_however_its_name_ends(name):
    async with message_centre() as centre:
        centre.says = name
        accepted = await sent(sms(centre), text_message(text="Friday"))

    assert (accepted.reference, len(centre.submits)) == (name.strip(b"\0").decode(), 1)


async def test_a_network_that_is_away_is_busy_and_nothing_left():
    async with message_centre() as centre:
        pass

    with pytest.raises(Busy):
        await sent(sms(centre), text_message())


async def test_too_late_and_withdrawn_never_reach_the_network():
    async def no():
        return False

    async with message_centre() as centre:
        with pytest.raises(TooLate):
            await sent(sms(centre), text_message(use_by=AT))
        with pytest.raises(Withdrawn):
            await sent(sms(centre), text_message(), may_leave=no)

    assert centre.submits == []


@pytest.mark.parametrize("bad", [{"to": "12345"}, {"to": "+44 77"}, {"to": "+4477009\x0000123"}, {"sender_address": "LEN\x00DER"},
                                 {"text": ""}, {"text": "x" * 1_600}, {"text": "\ud800"}])  # fmt: skip
async def test_what_no_text_message_can_hold_is_refused(bad):
    async with message_centre() as centre:
        with pytest.raises(Rejected):
            await sent(sms(centre), text_message(**bad))

    assert centre.submits == []


async def test_many_texts_share_one_connection():
    async with message_centre() as centre, sms(centre).session(at=AT) as session:
        await asyncio.gather(*(session.send(text_message(text=f"Friday {number}")) for number in range(40)))

    assert (len(centre.binds), len(centre.submits)) == (1, 40)


async def test_a_lost_connection_is_opened_again_for_the_next_text():
    async with message_centre("drop") as centre, sms(centre).session(at=AT) as session:
        with pytest.raises(Unknown):
            await session.send(text_message(text="one"))
        centre.mode = "accept"
        await session.send(text_message(text="two"))

    assert [it.short_message for it in centre.submits] == [b"one", b"two"]


async def test_a_waiting_connection_is_kept_awake():
    async with message_centre() as centre, sms(centre, "&enquire=0.05").session(at=AT) as session:
        await session.send(text_message(text="Friday"))
        async with asyncio.timeout(30):
            while centre.enquiries < 2:
                await asyncio.sleep(0.01)

    assert len(centre.binds) == 1


RECEIPT = {
    "source_addr": "447700900123",
    "destination_addr": "LENDER",
    "esm_class": 4,
    "short_message": b"id:id1 sub:001 dlvrd:001 submit date:2611200900 done date:2611200901 stat:DELIVRD err:000 text:",
}
STOP = {
    "source_addr": "447700900123",
    "destination_addr": "6000",
    "data_coding": 8,
    "short_message": "ＳＴＯＰ".encode("utf-16-be"),
}


async def heard_from(centre, keep):
    channel = sms(centre)
    task = asyncio.create_task(listen(channel.settings, keep, Clock(AT)))
    try:
        async with asyncio.timeout(2):
            while len(centre.acknowledged) < len(centre.to_deliver):
                await asyncio.sleep(0.01)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_receipts_and_answers_are_kept_and_then_acknowledged():
    kept = []

    async def keep(told):
        kept.append(told)

    async with message_centre() as centre:
        centre.to_deliver = [RECEIPT, STOP]
        await heard_from(centre, keep)

    receipt, answer = kept
    assert (receipt.reference, receipt.state) == ("id1", "delivered")
    assert (answer.sender, answer.to, answer.text) == ("+447700900123", "6000", "ＳＴＯＰ")
    assert centre.acknowledged == [0, 0]


async def test_what_could_not_be_kept_stays_with_the_network():
    async def keep(told):
        raise OSError("the disk is full")

    async with message_centre() as centre:
        centre.to_deliver = [STOP]
        await heard_from(centre, keep)

    assert centre.acknowledged == [0x64]
