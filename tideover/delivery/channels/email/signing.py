"""DKIM: what a mailbox checks before it trusts the sender's domain."""

from __future__ import annotations

import dkim

from tideover.delivery.channels.email.settings import Signature
from tideover.delivery.channels.register import NotConnected

# RFC 8058 section 4: both unsubscribe headers must be among what is signed.
SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type",
    b"content-transfer-encoding", b"content-language", b"auto-submitted", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip


def signed(mail: bytes, signature: Signature | None) -> bytes:
    """The mail with its signature on top; unchanged where the relay signs. Raises NotConnected for an unusable key."""
    if signature is None:
        return mail
    try:
        # From is named twice so that a second one cannot be added on the way (RFC 6376 8.15).
        mark: bytes = dkim.sign(
            mail,
            signature.selector.encode(),
            signature.domain.encode(),
            signature.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*_present(mail), b"from"],
        )
    except dkim.DKIMException:
        raise NotConnected(
            "Mail cannot be signed with the DKIM key given; it must be an RSA key in PEM."
        ) from None
    return mark + mail


def _present(mail: bytes) -> list[bytes]:
    head, _, _ = mail.partition(b"\r\n\r\n")
    names = {line.partition(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"}
    return [name for name in SIGNED if name in names]
