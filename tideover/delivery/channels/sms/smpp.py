"""Text messages by SMPP 3.4, and the line on which receipts and answers come back."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta

from tideover.delivery.channels.contract import (
    SOON,
    Accepted,
    Busy,
    ChannelError,
    Clock,
    MayLeave,
    Outgoing,
    Rejected,
    RejectedKind,
    Unknown,
    freely,
)
from tideover.delivery.channels.sms import pdu
from tideover.delivery.channels.sms.lettering import Lettered, lettered
from tideover.delivery.channels.sms.link import Closed, Gone, Link, bound, keep_awake
from tideover.delivery.channels.sms.pdu import Submit
from tideover.delivery.channels.sms.settings import SmsSettings

THROTTLED = frozenset({0x58, 0x14})
DEFERRED = frozenset({0x08, 0x64})
PAUSES = (0.5, 1, 2, 4, 8)
"""Seconds between two tries of a further part."""
PATIENCE = timedelta(seconds=20)
"""So long after the last look a further part is tried. Leases are held for longer, so a worker that slept past its own sends nothing."""
_KINDS: dict[int, RejectedKind] = {
    0x01: "too_big", 0x0A: "policy", 0x0B: "bad_address", 0x02: "malformed", 0x33: "bad_address",
    0x61: "malformed", 0x62: "malformed", 0x66: "blocked", 0x65: "other",
}  # fmt: skip


class SmppSession:
    """One connection bound as transmitter. Several messages may be on their way at once."""

    def __init__(self, settings: SmsSettings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._link: Link | None = None
        self._stack = AsyncExitStack()
        self._turn = asyncio.Lock()

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave = freely) -> Accepted:
        self._clock.left(outgoing)
        submits = self._submits(outgoing)
        link = await self._connected()
        await self._clock.last_look(outgoing, may_leave)
        until = min(self._clock.now() + PATIENCE, outgoing.use_by)
        references = [await self._submit(link, submits[0])]
        for body in submits[1:]:
            try:
                references.append(await self._submit_further(link, body, until))
            except Unknown:
                raise
            except ChannelError as error:
                # A message of which some parts have left can be neither taken back nor called rejected.
                raise Unknown(f"{len(references)} of {len(submits)} parts had left") from error
        return Accepted(references[0], parts=len(references), further=tuple(references[1:]))

    async def close(self) -> None:
        self._link = None
        await self._stack.aclose()

    async def _submit_further(self, link: Link, body: bytes, until: datetime) -> str:
        """A part after the first: a network that does not take it now is asked again, for half a text says nothing whole."""
        for pause in PAUSES:
            try:
                return await self._submit(link, body)
            except Busy as busy:
                if busy.reason == "unreachable":
                    raise
                await asyncio.sleep(pause)
                if self._clock.now() >= until:
                    raise
        return await self._submit(link, body)

    async def _submit(self, link: Link, body: bytes) -> str:
        try:
            reply = await link.ask(pdu.SUBMIT_SM, body, within=self._settings.reply_timeout)
        except Closed:
            raise Busy("unreachable", retry_after=SOON, said="the connection ended") from None
        except (Gone, OSError, TimeoutError) as error:
            await self.close()
            raise Unknown(f"the reply was lost: {type(error).__name__}") from None
        if reply.status or reply.command == pdu.GENERIC_NACK:
            raise refusal(reply.status)
        return pdu.reference_in(reply.body)

    async def _connected(self) -> Link:
        async with self._turn:
            if self._link is None or self._link.reading.done():
                await self.close()
                self._link = await self._stack.enter_async_context(
                    bound(self._settings, pdu.BIND_TRANSMITTER)
                )
                awake = asyncio.create_task(_quietly(self._link, self._settings))
                self._stack.callback(awake.cancel)
            return self._link

    def _submits(self, outgoing: Outgoing) -> list[bytes]:
        words = lettered(outgoing.text)
        options: dict[int, bytes] = {}
        if outgoing.template_id and self._settings.template_tag:
            options[self._settings.template_tag] = outgoing.template_id.encode() + b"\x00"
        try:
            return [
                Submit(
                    sender=outgoing.sender_address,
                    to=_number(outgoing.to),
                    data=data,
                    data_coding=words.data_coding,
                    validity=validity(outgoing.use_by),
                    esm_class=esm_class,
                    options={**more, **options},
                ).body()
                for esm_class, data, more in _cut(
                    words, outgoing.message_id, whole=self._settings.long == "payload"
                )
            ]
        except (pdu.Broken, UnicodeError):
            raise Rejected("malformed", permanent=True, said="a field that SMPP cannot hold") from None


def refusal(status: int) -> ChannelError:
    """What a status other than zero means."""
    said = f"status 0x{status:08X}"
    if status in THROTTLED:
        return Busy("rate", retry_after=timedelta(seconds=5), said=said)
    if status in DEFERRED:
        return Busy("deferred", retry_after=SOON, said=said)
    kind = _KINDS.get(status, "other")
    return Rejected(kind, permanent=status in _KINDS, said=said)


def validity(use_by: datetime) -> str:
    """The network itself drops the message at its use-by: absolute time, in UTC (SMPP 3.4, 7.1.1)."""
    at = use_by.astimezone(UTC)
    return f"{at:%y%m%d%H%M%S}000+"


def _cut(words: Lettered, message_id: str, *, whole: bool) -> list[tuple[int, bytes, dict[int, bytes]]]:
    if len(words.parts) == 1:
        return [(0, words.parts[0], {})]
    if whole:
        return [(0, b"", {pdu.MESSAGE_PAYLOAD: b"".join(words.parts)})]
    # From the message id, so that a re-send is joined with the same parts on the phone.
    mark, total = hashlib.sha256(message_id.encode()).digest()[0], len(words.parts)
    return [
        (pdu.UDH, bytes([5, 0, 3, mark, total, place]) + part, {})
        for place, part in enumerate(words.parts, start=1)
    ]


def _number(to: str) -> str:
    digits = to.removeprefix("+")
    if not (to.startswith("+") and digits.isascii() and digits.isdecimal() and 6 <= len(digits) <= 15):
        raise Rejected("bad_address", permanent=True, said="not a number in E.164")
    return to


async def _quietly(link: Link, settings: SmsSettings) -> None:
    with suppress(ConnectionError, TimeoutError):
        await keep_awake(link, settings)
