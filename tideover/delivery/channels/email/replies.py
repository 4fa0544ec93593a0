"""What a relay's reply means: a code, often an enhanced status (RFC 3463), and words that nobody standardised."""

from __future__ import annotations

import re

from tideover.delivery.channels.contract import AGAIN, SOON, Busy, ChannelError, Rejected, RejectedKind

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_KINDS: dict[str, RejectedKind] = {
    "1.1": "bad_address", "1.2": "bad_address", "1.3": "bad_address", "1.6": "bad_address", "1.10": "bad_address",
    "1.7": "policy", "1.8": "policy",
    "2.1": "bad_address", "2.2": "full", "2.3": "too_big", "3.4": "too_big", "5.2": "malformed",
}  # fmt: skip
_WORDS: tuple[tuple[re.Pattern[str], RejectedKind], ...] = (
    (re.compile(r"quota|mailbox (is )?full|over ?quota|insufficient storage", re.IGNORECASE), "full"),
    (
        re.compile(r"spam|blacklist|blocklist|block list|blocked|reputation|dnsbl|banned", re.IGNORECASE),
        "blocked",
    ),
    (re.compile(r"dmarc|dkim|\bspf\b|authenticat|policy|relay", re.IGNORECASE), "policy"),
    (re.compile(r"size|too (big|large)", re.IGNORECASE), "too_big"),
    (
        re.compile(
            r"user|recipient|mailbox|address|account|no such|unknown|does ?n.t exist|not exist|invalid",
            re.IGNORECASE,
        ),
        "bad_address",
    ),
)
_BY_CODE: dict[int, RejectedKind] = {552: "full", 523: "too_big", 521: "bad_address", 556: "bad_address"}


def rejected_kind(status: str, said: str, code: int = 0) -> RejectedKind:
    """Why, from the status first (subject.detail or class.subject.detail), the words next, the bare code last."""
    detail = status.split(".", 1)[1] if status.count(".") == 2 else status
    if detail in _KINDS:
        return _KINDS[detail]
    kind = next((kind for pattern, kind in _WORDS if pattern.search(said)), None)
    if detail.startswith("7."):
        return kind if kind in ("blocked", "policy") else "policy"
    return kind or _BY_CODE.get(code, "other")


def status_in(said: str) -> str:
    """The enhanced status in a reply, or nothing."""
    found = _STATUS.search(said)
    return found.group() if found else ""


def refusal(code: int, said: str, *, to_recipient: bool) -> ChannelError:
    """The error for a reply that is not a yes. `to_recipient`: it answered RCPT, so it may speak of the address."""
    words = said[:500]
    if code in (530, 534, 535, 538):
        return Busy("not_admitted", retry_after=AGAIN, said=words)
    if code // 100 == 4:
        throttles = re.search(r"\brate\b|rate.?limit|too (many|fast)|throttl", words, re.IGNORECASE)
        of_one_mailbox = status_in(words)[2:4] in ("1.", "2.")  # that one gets too much; the way is free
        return Busy("rate" if throttles and not of_one_mailbox else "deferred", retry_after=AGAIN, said=words)
    if code // 100 != 5:
        return Busy("unreachable", retry_after=SOON, said=words)
    kind = rejected_kind(status_in(words), words, code)
    # What is said about the message as a whole, or in words alone, must never cost a person their address.
    is_said_so = _KINDS.get(status_in(words)[2:]) == "bad_address"
    if kind == "bad_address" and not to_recipient and not is_said_so:
        kind = "other"
    return Rejected(kind, permanent=is_said_so if kind == "bad_address" else kind != "full", said=words)
