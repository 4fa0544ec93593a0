"""Messages to send in tests, and one way to send them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tideover.delivery.channels import Accepted, Channel, Outgoing

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)

SCRIPTS = {
    "en": ("ltr", "Your payment of £40 is due on Friday.\n.A line that begins with a full stop.\nThank you."),
    "bn": ("ltr", "আপনার কিস্তির তারিখ শুক্রবার। ধন্যবাদ, ক্ষমা করবেন।"),
    "lv": ("ltr", "Jūsu maksājums ir piektdien. Paldies, šķērsām žēl!"),
    "vi": ("ltr", "Khoản thanh toán của bạn đến hạn vào thứ Sáu. Xin cảm ơn."),
    "fa": ("rtl", "قسط شما روز جمعه است. می‌توانید تاریخ دیگری برگزینید."),
}


def message(**about) -> Outgoing:
    usual = {
        "intent_id": "i1",
        "person": "p1",
        "to": "asha@example.org",
        "message_id": "<i1.tideover@lender.example>",
        "use_by": AT + timedelta(hours=8),
        "sender_name": "A Lender",
        "sender_address": "hello@lender.example",
        "subject": "About Friday",
        "preview": "A word about Friday",
        "text": SCRIPTS["en"][1],
        "html": "<p>Friday</p>",
    }
    return Outgoing(**(usual | about))


def text_message(**about) -> Outgoing:
    return message(**({"to": "+447700900123", "sender_address": "LENDER", "html": ""} | about))


async def sent(channel: Channel, outgoing: Outgoing, **how) -> Accepted:
    async with channel.session(at=AT) as session:
        return await session.send(outgoing, **how)
