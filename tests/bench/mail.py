"""How fast the e-mail channel is beside a bare loop of its library, in one process: python -m tests.bench.mail [MESSAGES].

Both send the same words over one connection to the same kind of sink. Ours builds the mail anew for each message, asks
before it leaves, and tells apart what was taken and what may have been.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import replace

import aiosmtplib

from tests.delivery.messages import AT, SCRIPTS, message
from tests.delivery.smtp_sink import smtp_sink
from tideover.delivery.channels import open_channel
from tideover.delivery.channels.email.mail import mail_of

WORDS = message(
    text=SCRIPTS["bn"][1] * 5,
    html=f"<p>{SCRIPTS['bn'][1] * 5}</p>",
    subject=SCRIPTS["bn"][1][:20],
    language="bn",
)


async def bare(times: int, *, built: bool) -> float:
    """The library alone: one ready mail again and again, or each mail built anew as the channel does."""
    async with smtp_sink() as sink:
        mail = mail_of(WORDS, AT)
        client = aiosmtplib.SMTP(hostname="localhost", port=sink.port, start_tls=False)
        await client.connect()
        start = time.perf_counter()
        for _ in range(times):
            mail = mail_of(WORDS, AT) if built else mail
            await client.sendmail(WORDS.sender_address, [WORDS.to], mail)
        took = time.perf_counter() - start
        await client.quit()
    return times / took


async def ours(times: int) -> float:
    """The channel, one message after the other in one session."""
    async with smtp_sink() as sink:
        channel = open_channel("email", {"TIDEOVER_SMTP_URL": sink.url})
        async with channel.session(at=AT) as session:
            start = time.perf_counter()
            for number in range(times):
                await session.send(replace(WORDS, message_id=f"<{number}@lender.example>"))
            took = time.perf_counter() - start
    return times / took


def main() -> None:
    """The best of three of each, in turns, since other work on the machine only ever slows."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    rounds = [
        (
            asyncio.run(bare(times, built=False)),
            asyncio.run(bare(times, built=True)),
            asyncio.run(ours(times)),
        )
        for _ in range(3)
    ]
    ready, built, channel = map(max, zip(*rounds, strict=True))
    print(
        json.dumps(
            {
                "ready_mail": ready,
                "mail_built_anew": built,
                "channel": channel,
                "channel_to_built": channel / built,
            }
        )
    )


if __name__ == "__main__":
    main()
