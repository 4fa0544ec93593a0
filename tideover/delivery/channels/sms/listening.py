"""The line on which a network hands over receipts and answers; each is kept before it is acknowledged."""

from __future__ import annotations

import logging

from tideover.delivery.channels.contract import Clock
from tideover.delivery.channels.hearing import Keep, NotYet
from tideover.delivery.channels.sms import pdu
from tideover.delivery.channels.sms.link import REFUSED_FOR_NOW, bound, keep_awake
from tideover.delivery.channels.sms.receipts import heard
from tideover.delivery.channels.sms.settings import SmsSettings

REFUSED_FOR_GOOD = 0x65  # ESME_RX_P_APPN
log = logging.getLogger(__name__)


async def listen(settings: SmsSettings, keep: Keep, clock: Clock) -> None:
    """Until the connection ends. What `keep` could not keep is handed over again by the network.

    Raises Busy when it cannot connect, ConnectionError or TimeoutError when the connection ends: the caller dials again.
    """

    async def take(got: pdu.Pdu) -> int:
        try:
            told = heard(pdu.read_deliver(got.body), clock.now())
        except pdu.Broken:
            log.warning("sms: a deliver_sm could not be read and was refused")
            return REFUSED_FOR_GOOD
        try:
            await keep(told)
        except NotYet:
            return REFUSED_FOR_NOW
        except Exception:  # noqa: BLE001 - whatever went wrong, the network must keep it for us
            # Without the traceback: it would show what somebody wrote.
            log.error("sms: something received could not be kept; the network keeps it for now")  # noqa: TRY400
            return REFUSED_FOR_NOW
        return 0

    async with bound(settings, pdu.BIND_RECEIVER, take) as link:
        await keep_awake(link, settings)
