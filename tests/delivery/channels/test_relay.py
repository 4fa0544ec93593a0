"""A relay that takes several commands at once (RFC 2920), and what it may say in between, over a real connection."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.delivery.messages import AT, message
from tideover.delivery.channels import Busy, ChannelError, Rejected, Unknown, Withdrawn, open_channel

EHLO = b"250-relay.example\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"
YES = b"250 yes\r\n"
GO_ON = b"354 go on\r\n"
TAKEN = b"250 taken\r\n"


@asynccontextmanager
async def relay(*says, unasked=b""):
    """Answers each thing it hears with the next of `says`; `unasked` comes a moment after the last. Yields what it hears."""
    heard, answers = [], iter(says)

    async def one(reader, writer):
        writer.write(b"220 relay.example\r\n")
        while line := await reader.read(100_000):
            heard.append(line)
            if line.startswith(b"EHLO"):
                writer.write(EHLO)
                continue
            said = next(answers, None)
            if said is None:
                break
            for piece in said if isinstance(said, list) else [said]:
                writer.write(piece)
                await asyncio.sleep(0.01)
        writer.write(unasked)
        writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    channel = open_channel(
        "email", {"TIDEOVER_SMTP_URL": f"smtp://127.0.0.1:{port}?timeout=0.5&reply_timeout=0.5"}
    )
    try:
        async with channel.session(at=AT) as session:
            yield session, heard
    finally:
        server.close()


async def test_the_envelope_goes_in_one_breath_and_the_words_only_after_go_on():
    async with relay(YES + YES + GO_ON, TAKEN) as (session, heard):
        accepted = await session.send(message())

    _, envelope, words, *_ = heard
    assert [it.split(b":")[0] for it in envelope.splitlines()] == [b"MAIL FROM", b"RCPT TO", b"DATA"]
    assert words.startswith(b"From: ")
    assert words.endswith(b"\r\n.\r\n")
    assert accepted.reference == "taken"


@pytest.mark.parametrize(
    "pieces",
    [
        [YES, YES, GO_ON],
        [b"25", b"0-first\r\n250-sec", b"ond\r\n250 third\r\n250 ", b"yes\r\n354", b" go on\r", b"\n"],
    ],
    ids=["one by one", "torn"],
)
async def test_replies_may_come_in_any_pieces(pieces):
    async with relay(pieces, TAKEN) as (session, _):
        assert (await session.send(message())).reference == "taken"


async def test_whoever_is_refused_gets_no_words_even_where_the_relay_says_go_on():
    async with relay(YES + b"550 5.1.1 no such user\r\n" + GO_ON) as (session, heard):
        with pytest.raises(Rejected) as refused:
            await session.send(message())

    assert refused.value.kind == "bad_address"
    assert not any(b"Subject:" in it for it in heard)


async def test_after_a_refusal_the_same_connection_carries_the_next_mail():
    refused = YES + b"550 5.1.1 no such user\r\n" + b"554 nobody to write to\r\n"
    async with relay(refused, YES, YES + YES + GO_ON, TAKEN) as (session, heard):
        with pytest.raises(Rejected):
            await session.send(message())
        await session.send(message())

    assert sum(it.startswith(b"EHLO") for it in heard) == 1
    assert b"RSET\r\n" in heard


async def test_a_no_at_the_last_look_comes_before_the_envelope_or_hangs_up_after_go_on():
    looks = iter([False, True, False])

    async def may_leave():
        return next(looks)

    async with relay(YES + YES + GO_ON) as (session, heard):
        for _ in range(2):
            with pytest.raises(Withdrawn):
                await session.send(message(), may_leave=may_leave)

    assert [it[:4] for it in heard] == [b"EHLO", b"MAIL"]


async def test_a_relay_that_hangs_up_in_the_middle_took_nothing():
    async with relay(YES + b"421 4.3.2 going down\r\n") as (session, _):
        with pytest.raises(Busy):
            await session.send(message())


async def test_a_goodbye_that_comes_between_two_mails_costs_neither():
    async with relay(
        YES + YES + GO_ON, [TAKEN, b"421 4.4.2 idle for too long\r\n"], YES + YES + GO_ON, TAKEN
    ) as (session, heard):
        await session.send(message())
        await asyncio.sleep(0.05)
        await session.send(message(message_id="<i2.tideover@lender.example>"))

    assert sum(it.startswith(b"EHLO") for it in heard) == 2
    assert sum(b"Subject:" in it for it in heard) == 2


async def test_a_goodbye_that_crosses_the_next_mail_costs_it_neither_time_nor_a_try():
    async with relay(
        YES + YES + GO_ON, TAKEN, b"421 4.4.2 idle for too long\r\n", YES + YES + GO_ON, TAKEN
    ) as (session, heard):
        await session.send(message())
        accepted = await session.send(message(message_id="<i2.tideover@lender.example>"))

    assert accepted.reference == "taken"
    assert sum(b"Subject:" in it for it in heard) == 2


async def test_what_a_relay_says_before_go_on_is_no_try_of_the_message():
    for said in (b"451 4.3.2 later\r\n" * 3, YES + b"451 4.7.1 greylisted\r\n503 no\r\n", b"421 no\r\n"):
        async with relay(said, YES) as (session, _):
            with pytest.raises(Busy) as busy:
                await session.send(message())
            assert not busy.value.is_a_try

    async with relay(YES + YES + b"451 4.3.0 no room for the words\r\n", YES) as (session, _):
        with pytest.raises(Busy) as busy:
            await session.send(message())
        assert busy.value.is_a_try


async def test_words_that_cannot_go_because_the_relay_is_gone_were_never_sent():
    heard_by_then = asyncio.Event()

    async def may_leave():
        if heard_by_then.is_set():
            await asyncio.sleep(0.05)  # while the relay hangs up
        heard_by_then.set()
        return True

    async with relay([YES + YES + GO_ON, b"421 4.3.2 going down\r\n"]) as (session, heard):
        with pytest.raises(Busy) as busy:
            await session.send(message(), may_leave=may_leave)

    assert busy.value.reason == "unreachable"
    assert not any(b"Subject:" in it for it in heard)


async def test_each_reply_has_its_own_time_and_those_that_came_count():
    async with relay([YES, b"", *[b""] * 30, YES, *[b""] * 30, GO_ON], TAKEN) as (session, _):
        assert (await session.send(message())).reference == "taken"

    async with relay([YES, b"550 5.1.1 no such user\r\n", *[b""] * 80, GO_ON]) as (session, _):
        with pytest.raises(Rejected) as refused:
            await session.send(message())
        assert refused.value.kind == "bad_address"


async def test_half_a_reply_between_two_mails_is_no_answer_to_the_second():
    async with relay(
        YES + YES + GO_ON, [TAKEN + b"550"], b" x\r\n" + YES + YES + GO_ON, YES + YES + GO_ON, TAKEN
    ) as (session, _):
        await session.send(message())
        with pytest.raises(ChannelError):
            await session.send(message())


async def test_a_session_that_is_closed_waits_for_the_mail_that_is_on_its_way():
    async with relay(YES + YES + GO_ON, [*[b""] * 10, TAKEN]) as (session, _):
        sending = asyncio.create_task(session.send(message()))
        await asyncio.sleep(0.05)
        await session.close()

    assert (await sending).reference == "taken"


@pytest.mark.parametrize("odd", [b"hello\r\n", b"25 \r\n", b"250-" + b"x" * 5_000, b"\xff\xfe\r\n"])
async def test_what_is_no_reply_is_no_yes(odd):
    async with relay(odd) as (session, _):
        with pytest.raises(Busy):
            await session.send(message())

    async with relay(YES + YES + GO_ON, odd) as (session, _):
        with pytest.raises(Unknown):
            await session.send(message())
