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
_AUTOMATIC = re.compile(
    r"^\s*(auto(matic)?[ -]?(reply|response|answer|matische antwort)?\s*[:：]|automatische antwort|automated (reply|response)|"
    r"resposta automática|respuesta automática|автоответ|automātiskā atbilde|trả lời tự động|پاسخ خودکار|स्वचालित|"
    r"স্বয়ংক্রিয়|réponse automatique|自動応答|thank you for (contacting|your (e-?mail|message)))",
    re.IGNORECASE,
)
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
    submitted = mail.get("auto-submitted", "no").split(";")[0].strip().lower()
    precedence = mail.get("precedence", "").strip().lower()
    by_header = submitted not in ("no", "") or precedence in ("auto_reply", "auto-reply")
    by_header = by_header or mail.get_content_type() == "multipart/report"
    automatic = by_header or any(mail.get(name) for name in _HEADERS) or bool(_AUTOMATIC.search(subject))
    no_return = mail.get("return-path", "").strip() == "<>"
    if _CHALLENGE.search(f"{subject}\n{words[:600]}") and (
        automatic or no_return or precedence in ("bulk", "junk")
    ):
        return "challenge"
    if automatic or no_return or precedence in ("bulk", "junk"):
        return "away" if _AWAY.search(f"{subject}\n{words[:600]}") else "auto_reply"
    # A person may write "I am on holiday": by the subject alone only what a machine writes there counts.
    return (
        "away"
        if re.match(r"\s*(out of office|ooo\b|vacation reply|abwesenheitsnotiz)", subject, re.IGNORECASE)
        else None
    )
