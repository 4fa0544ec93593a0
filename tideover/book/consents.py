"""The exact words somebody agreed to: without them a consent could not be proved (GDPR art. 7(1))."""

from __future__ import annotations

import hashlib
from datetime import datetime

from tideover.book.models import ConsentText


def agreed_text(text: str, *, language: str, at: datetime) -> str:
    """Keep the words as they were shown, once; the hash by which a consent, which says where, names them."""
    text_hash = hashlib.sha256(text.encode()).hexdigest()
    told = {"language": language, "text": text, "recorded_at": at}
    ConsentText.objects.get_or_create(text_hash=text_hash, defaults=told)
    return text_hash
