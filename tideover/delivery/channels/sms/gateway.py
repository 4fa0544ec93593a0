"""Text messages by a gateway: one POST a message, with a key by which the gateway knows a repeat."""

from __future__ import annotations

import json
from datetime import UTC

import httpx

from tideover.delivery.channels.contract import (
    AGAIN,
    Accepted,
    Busy,
    Clock,
    MayLeave,
    Outgoing,
    Rejected,
    RejectedKind,
    Unknown,
    freely,
)
from tideover.delivery.channels.posting import posted
from tideover.delivery.channels.sms.lettering import lettered
from tideover.delivery.channels.sms.settings import SmsSettings

KINDS: dict[str, RejectedKind] = {
    "bad_address": "bad_address", "full": "full", "blocked": "blocked",
    "policy": "policy", "too_big": "too_big", "malformed": "malformed",
}  # fmt: skip
"""The codes a gateway may give in `error`; any other is `other`."""


class GatewaySession:
    """One pool of connections to the gateway."""

    def __init__(self, settings: SmsSettings, clock: Clock) -> None:
        self._clock = clock
        self._url = httpx.URL(
            scheme=settings.scheme, host=settings.host, port=settings.port, path=settings.path
        )
        self._client = httpx.AsyncClient(
            auth=(settings.user, settings.password),
            timeout=httpx.Timeout(settings.timeout, read=settings.reply_timeout),
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave = freely) -> Accepted:
        parts = len(lettered(outgoing.text).parts)
        said = {
            "to": outgoing.to,
            "from": outgoing.sender_address,
            "text": outgoing.text,
            "language": outgoing.language,
            "template_id": outgoing.template_id,
            "reference": outgoing.message_id,
            "use_by": outgoing.use_by.astimezone(UTC).isoformat(timespec="seconds"),
        }
        try:
            content = json.dumps(said, ensure_ascii=True).encode()
            headers = {
                "Content-Type": "application/json",
                "Idempotency-Key": outgoing.message_id.encode("ascii").decode(),
            }
        except UnicodeEncodeError:
            raise Rejected("malformed", permanent=True, said="the message id is not ASCII") from None
        reply = await posted(
            self._client, str(self._url), content=content, headers=headers,
            look=lambda: self._clock.last_look(outgoing, may_leave),
        )  # fmt: skip
        return Accepted(_reference(reply, outgoing), parts=parts)

    async def close(self) -> None:
        await self._client.aclose()


def _reference(reply: httpx.Response, outgoing: Outgoing) -> str:
    """The gateway's own id. A 409 is a repeat it has already taken. Raises Rejected, Busy, Unknown."""
    told = _told(reply)
    reference = told.get("id")
    if reply.is_success or (reply.status_code == 409 and reference):
        # Its receipts may also cite our reference, so a 2xx without an id is still a yes.
        return str(reference or outgoing.message_id)
    if reply.status_code == 409:
        raise Unknown("409: the gateway knows this key but not what became of it")
    if reply.status_code in (403, 404, 405):
        raise Busy("not_admitted", retry_after=AGAIN, said=str(reply.status_code))
    kind = KINDS.get(str(told.get("error", "")), "too_big" if reply.status_code == 413 else "other")
    raise Rejected(
        kind, permanent=told.get("permanent", kind not in ("full", "other")) is True, said=reply.text[:500]
    )


def _told(reply: httpx.Response) -> dict[str, object]:
    try:
        told = reply.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
