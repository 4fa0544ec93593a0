"""Mails that a machine answered: holiday notices, acknowledgements, and doors that ask who is there."""

from __future__ import annotations

import re
from email.message import Message
from typing import Literal

_AWAY = re.compile(
    r"out of (the )?office|\booo\b|on (vacation|holiday|leave)|away (from|until)|vacation (reply|response)|abwesen|im urlaub|"
    r"fora do escrit|de férias|fuera de (la )?oficina|de vacaciones|ausen[ct]|вне офиса|в отпуске|prombūtn|atvaļinājum|"
    r"vắng mặt|nghỉ phép|مرخصی|अवकाश|ছুটিতে|absence|不在",
    re.IGNORECASE,
)
AUTOMATIC = re.compile(
    r"^\s*(auto(matic)?[ -]?(reply|response|answer)\s*[:：]|automatische antwort|automated (reply|response)|"
    r"resposta automática|respuesta automática|автоответ|automātiskā atbilde|trả lời tự động|پاسخ خودکار|स्वचालित|"
    r"স্বয়ংক্রিয়|réponse automatique|自動応答)",
    re.IGNORECASE,
)
"""Subjects that only a machine writes. "Auto:" is a car, and people too say thanks for a message."""
_CHALLENGE = re.compile(
    r"(confirm|verify|prove|validate).{0,60}(you are|that you|your (e-?mail|message|identity))|whitelist|"
    r"(click|reply).{0,60}(to (be )?(deliver|release|added|approve))|spam ?arrest|boxbe|challenge.response|sender verification",
    re.IGNORECASE | re.DOTALL,
)
_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-ebay-mailtracker",
    "x-cron-env",
)


def machine_kind(
    subject: str, mail: Message, words: str
) -> Literal["away", "auto_reply", "challenge"] | None:
    """Which kind of machine answered, or None where nothing says that it was one."""
    seen = f"{subject}\n{words[:600]}"
    away = bool(_AWAY.search(seen))
    in_bulk = str(mail.get("precedence", "")).strip().lower() in ("bulk", "junk")
    # Some relays write "bulk" on everything: it is a sign only beside another.
    automatic = (
        _says_so(mail) or bool(AUTOMATIC.search(subject)) or (in_bulk and (away or _is_of_a_list(mail)))
    )
    if (automatic or in_bulk) and _CHALLENGE.search(seen):
        return "challenge"
    if automatic:
        return "away" if away else "auto_reply"
    # A person may write "I am on holiday": by the subject alone only what a machine writes there counts.
    return (
        "away"
        if re.match(r"\s*(out of office|ooo\b|vacation reply|abwesenheitsnotiz)", subject, re.IGNORECASE)
        else None
    )


def _says_so(mail: Message) -> bool:
    """A header that no person's mailbox writes."""
    submitted = str(mail.get("auto-submitted", "no")).split(";")[0].strip().lower()
    answers = str(mail.get("precedence", "")).strip().lower() in ("auto_reply", "auto-reply")
    is_report = mail.get_content_type() == "multipart/report"
    no_return = str(mail.get("return-path", "")).strip() == "<>"
    named = any(mail.get(name) for name in _HEADERS)
    return submitted not in ("no", "") or answers or is_report or no_return or named


def _is_of_a_list(mail: Message) -> bool:
    return bool(mail.get("list-id") or mail.get("list-unsubscribe"))
