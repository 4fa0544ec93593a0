"""The line on which a network hands over receipts and answers; each is kept before it is acknowledged."""

from __future__ import annotations

import logging
from itertools import count

from tideover.delivery.channels.contract import Clock
from tideover.delivery.channels.hearing import Keep, NotYet
from tideover.delivery.channels.sms import pdu
from tideover.delivery.channels.sms.link import REFUSED_FOR_NOW, bound, keep_awake
from tideover.delivery.channels.sms.receipts import heard, unread
from tideover.delivery.channels.sms.settings import SmsSettings
from tideover.delivery.incoming.received import Answered, Receipt

log = logging.getLogger(__name__)


async def listen(settings: SmsSettings, keep: Keep, clock: Clock) -> None:
    """Until the connection ends. What `keep` could not keep is handed over again by the network.

    What cannot be read at all is acknowledged, or it would come again for ever and nothing behind it would be heard; words in it
    are kept for a person.

    Raises Busy when it cannot connect, ConnectionError or TimeoutError when the connection ends: the caller dials again.
    """
    odd = count(1)

    async def take(got: pdu.Pdu) -> int:
        told: Receipt | Answered | None
        try:
            told = heard(pdu.read_deliver(got.body), clock.now())
        except Exception as error:  # noqa: BLE001 - whatever stands in it, those behind it are heard
            log.warning(  # its bytes may be somebody's words
                "sms: a deliver_sm of %d bytes could not be read (%s); on this line it is number %d of such",
                len(got.body), type(error).__name__, next(odd),
            )  # fmt: skip
            told = unread(got.body, clock.now())
        if told is None:
            return 0
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
