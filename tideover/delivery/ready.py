"""A message that may leave, with all that leaving takes."""

from __future__ import annotations

from dataclasses import dataclass

from tideover.delivery.addresses import Reached
from tideover.delivery.channels import Outgoing
from tideover.delivery.guards import Verdict
from tideover.delivery.models import Message
from tideover.delivery.words import Composed


@dataclass(frozen=True)
class Ready:
    """Let through by the guards, in words, with its address."""

    verdict: Verdict
    words: Composed
    address: Reached

    @property
    def message(self) -> Message:
        return self.verdict.message

    @property
    def outgoing(self) -> Outgoing:
        """As a channel takes it."""
        message, words = self.message, self.words.words
        # The channel adds the one-click post of RFC 8058 where the address is https.
        headers = {"List-Unsubscribe": f"<{self.words.unsubscribe}>"} if message.channel == "email" else {}
        return Outgoing(
            intent_id=str(message.pk), person=str(message.pk), to=self.address.value, message_id=self.words.message_id,
            use_by=message.use_by, sender_name=self.words.sender_name, sender_address=self.words.sender_address,
            subject=words.subject, preview=words.preview, text=words.text, html=self.words.html, language=words.language,
            direction=words.direction, headers=headers, template_id=self.words.template_id,
        )  # fmt: skip
