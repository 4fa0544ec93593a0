"""What a network tells on its own line is kept before it is acknowledged, beside whatever a worker sends."""

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.architecture.tree import ROOT
from tests.delivery.channels.test_heard_texts import handed_over, option
from tests.delivery.smsc import message_centre_beside, until
from tests.people import AT, late
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.delivery import told_again
from tideover.delivery.channels import open_channel
from tideover.delivery.channels.sms import pdu
from tideover.delivery.inbound import read_left_behind, take_text
from tideover.delivery.incoming.received import Answered
from tideover.delivery.lines import Pace, lines_open
from tideover.delivery.models import Answer, Message, TextPart, Unplaced
from tideover.strategy.leases import leased

NOW = datetime.fromtimestamp(AT, UTC)
HERS, OURS = "447700900123", "6000"
QUICK = Pace(look=0.05, first_try=0.05, last_try=0.2)
FROM_HER = {"source_addr": HERS, "destination_addr": OURS}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sent(settings, tmp_path):
    """A text that went to asha, and one to her that still waits."""
    (tmp_path / "clock").write_text(NOW.isoformat())
    settings.CLOCK_FILE = str(tmp_path / "clock")
    book = late("asha")
    book["contact_points"] = [{**it, "address_id": it["channel"]} for it in book["contact_points"]]
    recorded(book)
    Address.objects.create(address_id="sms", channel="sms", value=f"+{HERS}", index=blind(f"+{HERS}"))
    for state in ("accepted", "queued"):
        Message.objects.create(
            contact_id=f"c-{state}", person_id="asha", purpose=f"of_{state}", purpose_class="collection", channel="sms",
            subject="asha-loan-1", send_at=NOW, due_at=NOW, use_by=NOW + timedelta(days=2), local_day=1, state=state,
            code="ABCD2345", address_id="sms", message_id=state, reference="id1" if state == "accepted" else "", ended_at=NOW,
        )  # fmt: skip


@pytest.fixture
def centre():
    with message_centre_beside() as beside:
        yield beside


def heard(centre, *, worker="w"):
    return lines_open(
        {"sms": open_channel("sms", {"TIDEOVER_SMS_URL": centre.url})}, worker=worker, pace=QUICK
    )


def parts_of(text, mark=7, size=60):
    """A long text as a phone sends it: UCS-2, a header in each part."""
    data = text.encode("utf-16-be")
    cut = [data[at : at + size] for at in range(0, len(data), size)]
    return [
        {**FROM_HER, "esm_class": 0x40, "data_coding": 8, "short_message": bytes([5, 0, 3, mark, len(cut), n]) + it}
        for n, it in enumerate(cut, 1)
    ]  # fmt: skip


def test_a_stop_ends_the_channel_before_it_is_acknowledged(centre):
    with heard(centre):
        status = centre.hand_over(**FROM_HER, short_message=b"STOP")
        consent = FACTS["consents"].objects.get()

    assert status == 0
    assert (consent.channel, consent.purpose_class) == ("sms", "all")
    assert Message.objects.get(contact_id="c-queued").state == "suppressed"
    assert (len(centre.binds), centre.unbinds) == (1, 1)


def test_a_receipt_says_that_a_number_is_nobodys(centre):
    with heard(centre):
        centre.hand_over(**FROM_HER, esm_class=4, short_message=b"id:id1 stat:UNDELIV err:001 text:")

    assert Message.objects.get(contact_id="c-accepted").state == "rejected"
    assert FACTS["contact_points"].objects.filter(channel="sms", state="bounced").exists()


def test_a_receipt_that_is_quicker_than_the_reply_is_asked_for_again(centre):
    failed = {**FROM_HER, "esm_class": 4, "short_message": b"id:id9 stat:UNDELIV err:000 text:"}
    with heard(centre):
        first = centre.hand_over(**failed)
        Message.objects.filter(contact_id="c-accepted").update(reference="id9")
        again = centre.hand_over(**failed)
        of_another = [centre.hand_over(**{**failed, "short_message": b"id:x stat:UNDELIV"}) for _ in range(2)]

    assert (first, again, of_another) == (0x64, 0, [0x64, 0])
    assert Message.objects.get(contact_id="c-accepted").state == "rejected"


def test_a_line_that_broke_is_dialled_again(centre):
    with heard(centre):
        centre.hand_over(**FROM_HER, short_message=b"hello")
        centre.hang_up()
        status = centre.hand_over(**FROM_HER, short_message=b"STOP")

    assert (status, len(centre.binds)) == (0, 2)
    assert FACTS["consents"].objects.exists()


def test_a_network_that_is_away_stops_nobody_and_is_tried_again():
    with message_centre_beside("no_bind") as centre, heard(centre):
        until(lambda: len(centre.binds) >= 3)
        centre.mode = "accept"
        assert centre.hand_over(**FROM_HER, short_message=b"STOP") == 0


def test_what_the_database_does_not_take_stays_with_the_network(centre, monkeypatch):
    def full(*_, **__):
        raise OSError("the disk is full")

    with heard(centre):
        with monkeypatch.context() as broken:
            broken.setattr(told_again, "take_text", full)
            broken.setattr(told_again.unplaced, "keep", full)
            first = centre.hand_over(**FROM_HER, short_message=b"STOP")
        second = centre.hand_over(**FROM_HER, short_message=b"STOP")

    assert (first, second) == (0x64, 0)


def deliver_sm(body):
    return bytes(pdu.Pdu(pdu.DELIVER_SM, 7, body=body))


def test_a_receipt_with_an_empty_field_keeps_no_stop_waiting(centre):
    odd = handed_over(b"id:id1 stat:DELIVRD", kind=4, options=option(pdu.MESSAGE_STATE, b""))
    with heard(centre):
        statuses = [centre.hand_over(deliver_sm(odd)), centre.hand_over(**FROM_HER, short_message=b"STOP")]

    assert (statuses, len(centre.binds)) == ([0, 0], 1)
    assert FACTS["consents"].objects.exists()


def test_what_cannot_be_read_is_passed_over_and_its_words_are_kept_for_a_person(centre, caplog):
    with heard(centre):
        words = centre.hand_over(deliver_sm(b"\x00\x01\x01" + HERS.encode() + b"\x00 my husband has died"))
        nothing = centre.hand_over(deliver_sm(b"\x00\x01\x01" + HERS.encode()))
        stop = centre.hand_over(**FROM_HER, short_message=b"STOP")

    assert (words, nothing, stop, len(centre.binds)) == (0, 0, 0, 1)
    kept = Unplaced.objects.get()
    assert (kept.is_death, kept.text.endswith("my husband has died")) == (True, True)
    assert FACTS["consents"].objects.exists()
    assert "number 2 of such" in caplog.text
    assert "husband" not in caplog.text
    assert HERS not in caplog.text


def test_words_over_which_we_fail_each_time_are_kept_for_a_person(centre, monkeypatch):
    def fails(*_, **__):
        raise ValueError("a fault of ours")

    monkeypatch.setattr(told_again, "take_text", fails)
    with heard(centre):
        statuses = [centre.hand_over(**FROM_HER, short_message=b"STOP") for _ in range(6)]

    assert statuses == [0x64] * 5 + [0]
    assert Unplaced.objects.get().is_stop


def test_one_worker_holds_the_line_and_another_takes_it_over(centre):
    with heard(centre, worker="first"):
        until(lambda: len(centre.binds) == 1)
        with heard(centre, worker="second"):
            assert not leased("line:sms", by="third", at=NOW, lasts=timedelta(seconds=60))
            centre.hand_over(**FROM_HER, short_message=b"hello")
    assert len({it.sequence for it in centre.binds}) == len(centre.binds) == 1

    with heard(centre, worker="second"):
        until(lambda: len(centre.binds) == 2)


def test_a_long_text_is_read_as_one_in_whatever_order_it_comes(centre):
    words = "I am writing because I was ill for a long time 😊 and please STOP sending me texts, thank you"
    with heard(centre):
        statuses = [centre.hand_over(**it) for it in reversed(parts_of(words, size=38))]

    assert set(statuses) == {0}
    assert Answer.objects.get().text == words
    assert TextPart.objects.count() == 0
    assert FACTS["consents"].objects.exists()


def test_parts_by_optional_parameters_are_joined_too(centre):
    with heard(centre):
        for number, text in enumerate((b"please ", b"stop"), 1):
            sar = {"sar_msg_ref_num": 300, "sar_total_segments": 2, "sar_segment_seqnum": number}
            centre.hand_over(**FROM_HER, short_message=text, **sar)

    assert Answer.objects.get().text == "please stop"


def test_a_mark_larger_than_any_network_should_give_joins_the_parts_all_the_same(centre):
    with heard(centre):
        for number, text in enumerate((b"please ", b"stop"), 1):
            sar = (
                (pdu.SAR_REFERENCE, b"\xff" * 9),
                (pdu.SAR_TOTAL, b"\x02"),
                (pdu.SAR_NUMBER, bytes([number])),
            )
            body = handed_over(text, sender=HERS, options=b"".join(option(*it) for it in sar))
            assert centre.hand_over(deliver_sm(body)) == 0

    assert Answer.objects.get().text == "please stop"


def part(text, number, *, mark=1, total=3):
    return Answered(
        "sms", f"+{HERS}", OURS, text, NOW, part=(mark, total, number), raw=text.encode(), coding=3
    )


def test_parts_outlive_a_restart_and_are_read_as_they_are_when_the_rest_does_not_come():
    assert [take_text(part("I was ill. ", 1), at=NOW), take_text(part("STOP", 3), at=NOW)] == ["part", "part"]
    assert read_left_behind(at=NOW + timedelta(seconds=60)) == 0
    assert Answer.objects.count() == 0

    assert read_left_behind(at=NOW + timedelta(minutes=3)) == 1

    assert Answer.objects.get().text == "I was ill.  STOP"
    assert FACTS["consents"].objects.exists()
    assert read_left_behind(at=NOW + timedelta(minutes=9)) == 0


def test_a_part_handed_over_twice_is_one_part_and_a_mark_used_again_is_a_new_message():
    for _ in range(2):
        take_text(part("one ", 1, total=2), at=NOW)
    take_text(part("other ", 1, total=2), at=NOW)
    take_text(part("words", 2, total=2), at=NOW)
    take_text(part("words", 2, total=2), at=NOW)  # its acknowledgement was lost

    read_left_behind(at=NOW + timedelta(minutes=3))

    assert [it.text for it in Answer.objects.order_by("pk")] == ["one ", "other words"]


def test_the_same_words_handed_over_again_are_one_answer():
    said = Answered("sms", f"+{HERS}", OURS, "please call me", NOW)

    told = [take_text(said, at=NOW + timedelta(seconds=it)) for it in (0, 90, 900)]

    assert told == ["reply", "again", "reply"]


def test_a_worker_listens_while_it_works_and_hangs_up_when_it_is_told_to_end(centre, tmp_path):
    environ = os.environ | {
        "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "tideover.settings", "TIDEOVER_DATA": str(tmp_path / "data"),
        "TIDEOVER_DATABASE_URL": f"sqlite:///{tmp_path}/own.db", "TIDEOVER_SMS_URL": centre.url, "TIDEOVER_ENV": "test",
    }  # fmt: skip
    command = [sys.executable, "-m", "tideover"]
    subprocess.run([*command, "migrate"], env=environ, check=True, capture_output=True)
    worker = subprocess.Popen([*command, "work"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        until(lambda: centre.binds, seconds=60)
        assert centre.hand_over(**FROM_HER, short_message=b"STOP") == 0
        worker.send_signal(signal.SIGTERM)
        out, err = worker.communicate(timeout=60)
    finally:
        worker.kill()

    assert (worker.returncode, centre.unbinds) == (0, 1), err.decode()
    assert b"Done" in out
    with sqlite3.connect(tmp_path / "own.db") as database:
        assert database.execute("select until from strategy_lease where name = 'line:sms'").fetchall()
