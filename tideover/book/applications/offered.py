"""applications.yaml: what can be applied for, which documents it takes, and the words of a no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from babel.numbers import get_territory_currencies, list_currencies

from tideover.engine.message import MESSAGE_LANGUAGES, read_words, unkind
from tideover.engine.policy.content import ContentRefused, Document, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find
from tideover.kit.nearest import did_you_mean

FILE = "applications.yaml"
InLanguages = dict[str, str]


class Product(Strict):
    """One thing to apply for. `amounts` are the least and the most, in minor units of each currency."""

    name: InLanguages
    amounts: dict[str, tuple[int, int]]
    documents: tuple[str, ...] = ()


class DocumentKind(Strict):
    """A document: its name in the middle of a sentence, and why it is asked for."""

    name: InLanguages
    why: InLanguages


class DeclineReason(Strict):
    """A reason of a no, and what could change it."""

    says: InLanguages
    mend: InLanguages


class Offered(Strict):
    """The whole file. `reply_days` are working days."""

    reply_days: int
    products: dict[str, Product]
    documents: dict[str, DocumentKind]
    reasons: dict[str, DeclineReason]
    sources: dict[str, InLanguages]

    def products_in(self, currency: str) -> Mapping[str, Product]:
        """What can be asked for in a currency."""
        return {code: it for code, it in self.products.items() if currency in it.amounts}

    def product_named(self, code: str, language: str) -> str:
        """A product by its name; "" where the list does not know it."""
        known = self.products.get(code)
        return in_english_else(known.name, language) if known else ""

    def document_named(self, code: str, language: str) -> str:
        """A document by its name; "" where the list does not know it."""
        known = self.documents.get(code)
        return in_english_else(known.name, language) if known else ""


def in_english_else(told: InLanguages, language: str) -> str:
    """The words of a language, in English where it has none."""
    return told.get(language) or told.get(language.split("-", maxsplit=1)[0]) or told["en"]


def currency_of(country: str | None) -> str:
    """What people pay with in a country; "" where nobody knows."""
    known = get_territory_currencies((country or "").upper()) if country else []
    return known[0] if known else ""


@lru_cache(maxsize=2)
def read_offered(overlay: Path | None = None) -> Offered:
    """The lender's file, or the shipped one. Raises ContentRefused."""
    return _read(overlay)[0]


def check_offered(overlay: Path | None = None) -> list[Problem]:
    """Every problem: a language that is missing, unknown codes, amounts that are none, unkind words."""
    try:
        told, document = _read(overlay)
    except ContentRefused as refused:
        return refused.problems
    return [*_amounts(told, document), *_codes(told, document), *_words(told, document, overlay)]


def _read(overlay: Path | None) -> tuple[Offered, Document]:
    problems: list[Problem] = []
    document = read_document(find(FILE, overlay), FILE)
    told = validated(document, Offered, problems)
    if told is None:
        raise ContentRefused(problems)
    return told, document


def _amounts(told: Offered, document: Document) -> Iterator[Problem]:
    for code, product in told.products.items():
        for currency, (least, most) in product.amounts.items():
            if currency not in list_currencies() or not 0 < least <= most:
                where = ("products", code, "amounts", currency)
                yield document.problem(
                    where, "write a currency and two amounts, such as GBP: [10000, 500000]"
                )


def _codes(told: Offered, document: Document) -> Iterator[Problem]:
    for code, product in told.products.items():
        for kind in product.documents:
            if kind not in told.documents:
                says = f"{kind!r} is none of the documents.{did_you_mean(kind, told.documents)}"
                yield document.problem(("products", code, "documents"), says)


def _words(told: Offered, document: Document, overlay: Path | None) -> Iterator[Problem]:
    words = read_words(overlay).languages
    for where, by in _texts(told):
        for language in MESSAGE_LANGUAGES:
            if language not in by:
                yield document.problem(where, f"is missing in {language}")
        for language, text in by.items():
            for entry in unkind(text, words[language]) if language in words else ():
                yield document.problem(
                    (*where, language), f"'{entry}' blames, threatens or hurries; say it kindly"
                )


def _texts(told: Offered) -> Iterator[tuple[tuple[str, ...], InLanguages]]:
    for code, product in told.products.items():
        yield ("products", code, "name"), product.name
    for code, kind in told.documents.items():
        yield ("documents", code, "name"), kind.name
        yield ("documents", code, "why"), kind.why
    for code, reason in told.reasons.items():
        yield ("reasons", code, "says"), reason.says
        yield ("reasons", code, "mend"), reason.mend
    for code, source in told.sources.items():
        yield ("sources", code), source
