"""What messages about an application may say, by application: codes here, words in the language of whoever reads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tideover.book.applications.models import STILL_MISSING, Application, NeededDocument
from tideover.book.applications.offered import Offered, in_english_else
from tideover.kit.days import day_of

Value = int | str | tuple[str, ...]


@dataclass(frozen=True)
class News:
    """One application as it stands. `loan_id`: the loan that follows from it, "" while there is none."""

    product: str
    loan_id: str
    document: str
    missing: tuple[str, ...]
    reply_by_on: date | None
    reasons: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]

    def values(self, language: str, offered: Offered) -> dict[str, Value]:
        """By placeholder; what is not known is left out, and the words do without."""
        found: dict[str, Value] = {
            "product": offered.product_named(self.product, language),
            "document": offered.document_named(self.document, language),
            "documents": tuple(filter(None, (offered.document_named(it, language) for it in self.missing))),
            "decline_reasons": tuple(
                in_english_else(offered.reasons[it].says, language)
                for it in self.reasons
                if it in offered.reasons
            ),
            "decline_sources": tuple(
                f"{in_english_else(offered.sources[code], language)}{f' ({reach})' if reach else ''}"
                for code, reach in self.sources
                if code in offered.sources
            ),
        }
        if self.reply_by_on is not None:
            found["reply_by_on"] = day_of(self.reply_by_on)
        return {name: value for name, value in found.items() if value}


def news_of(keys: Iterable[str]) -> Mapping[str, News]:
    """What is known of these applications; others are left out. Two queries."""
    asked = set(keys)
    missing: defaultdict[str, list[str]] = defaultdict(list)
    waiting = NeededDocument.objects.filter(application_id__in=asked, state__in=STILL_MISSING).order_by("pk")
    for application, kind in waiting.values_list("application_id", "kind"):
        missing[application].append(kind)
    return {it.pk: _news(it, tuple(missing[it.pk])) for it in Application.objects.filter(pk__in=asked)}


def _news(it: Application, missing: tuple[str, ...]) -> News:
    sources = json.loads(it.sources or "[]")
    return News(
        product=it.product, loan_id=it.loan_id, document=it.last_document, missing=missing, reply_by_on=it.reply_by_on,
        reasons=tuple(it.reasons), sources=tuple((one["code"], one.get("reach", "")) for one in sources),
    )  # fmt: skip
