"""values.yaml: what messages say that no fact holds and the lender decides, by purpose and by product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.numbers import list_currencies
from pydantic import Field

from tideover.engine.message.placeholders import GIVEN, Kind
from tideover.engine.message.plain import unkind_words
from tideover.engine.message.templates import MESSAGE_LANGUAGES
from tideover.engine.message.words import Words, base_of
from tideover.engine.policy.content import ContentRefused, Document, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find
from tideover.kit.nearest import did_you_mean

FILE = "values.yaml"
ANY = "any"
InLanguages = dict[str, str]
WORDS, DAYS = (Kind.TEXT, Kind.PROSE), (Kind.DAY,)


class OfPurpose(Strict):
    """What a purpose says: days from the day it is sent, and words in each language."""

    days: dict[str, int] = Field(default_factory=dict)
    words: dict[str, InLanguages] = Field(default_factory=dict)


class LateCharge(Strict):
    """What a late payment costs: its name, when it is asked, and how much in minor units of each currency."""

    name: InLanguages
    when: InLanguages
    amounts: dict[str, int]


class OfProduct(Strict):
    """The terms of a product that no schedule holds. An empty list says that a late payment costs nothing extra."""

    withdrawal: InLanguages = Field(default_factory=dict)
    late_charges: tuple[LateCharge, ...] | None = None


class LenderValues(Strict):
    """The whole file."""

    purposes: dict[str, OfPurpose] = Field(default_factory=dict)
    products: dict[str, OfProduct] = Field(default_factory=dict)

    def days(self, purpose: str) -> Mapping[str, int]:
        """By value: how many days after it is sent."""
        return self.purposes.get(purpose, OfPurpose()).days

    def words(self, purpose: str, language: str) -> dict[str, str]:
        """By value: its words, where the lender has them in this language."""
        told = self.purposes.get(purpose, OfPurpose()).words
        return {name: words for name, by in told.items() if (words := in_language(by, language))}

    def product(self, name: str | None) -> OfProduct:
        """What holds for a product: its own, or what holds for any."""
        return self.products.get(name or ANY) or self.products.get(ANY) or OfProduct()


def in_language(told: InLanguages, language: str) -> str:
    """The words of a language; no other stands in for it."""
    return told.get(language) or told.get(base_of(language), "")


def read_lender_values(overlay: Path | None = None) -> LenderValues:
    """The lender's file, or the shipped one. Raises ContentRefused."""
    return _read(overlay)[0]


def _read(overlay: Path | None) -> tuple[LenderValues, Document]:
    problems: list[Problem] = []
    document = read_document(find(FILE, overlay), FILE)
    told = validated(document, LenderValues, problems)
    if told is None:
        raise ContentRefused(problems)
    return told, document


def check_lender_values(overlay: Path | None, words: Words) -> list[Problem]:
    """Every problem of the file: unknown names, a language that is missing, words that blame or threaten."""
    try:
        told, document = _read(overlay)
    except ContentRefused as refused:
        return refused.problems
    return [
        *_names(told, document, words),
        *_products(told, document),
        *(it for where, by in _texts(told) for it in _languages(where, by, document, words)),
    ]


def _names(told: LenderValues, document: Document, words: Words) -> Iterator[Problem]:
    for purpose, given in told.purposes.items():
        if purpose not in words.lists.purposes:
            guess = did_you_mean(purpose, words.lists.purposes)
            yield document.problem(("purposes", purpose), f"{purpose!r} is not a known purpose.{guess}")
        for part, kinds in (("days", DAYS), ("words", WORDS)):
            may = [name for name, it in GIVEN.items() if it.kind in kinds]
            for name in getattr(given, part):
                if name not in may:
                    says = f"{name!r} is not a value told in {part}.{did_you_mean(name, may)}"
                    yield document.problem(("purposes", purpose, part, name), says)
        for name, days in given.days.items():
            if not 0 <= days <= 3_650:
                yield document.problem(("purposes", purpose, "days", name), "write days from 0 to ten years")


def _products(told: LenderValues, document: Document) -> Iterator[Problem]:
    for name, product in told.products.items():
        for at, charge in enumerate(product.late_charges or ()):
            where = ("products", name, "late_charges", at, "amounts")
            for currency, amount in charge.amounts.items():
                if currency not in list_currencies() or amount <= 0:
                    yield document.problem(
                        where, f"{currency}: {amount} is no amount; write EUR: 500 for 5 euros"
                    )


def _texts(told: LenderValues) -> Iterator[tuple[tuple[str | int, ...], InLanguages]]:
    for purpose, given in told.purposes.items():
        for name, by in given.words.items():
            yield ("purposes", purpose, "words", name), by
    for name, product in told.products.items():
        if product.withdrawal:
            yield ("products", name, "withdrawal"), product.withdrawal
        for at, charge in enumerate(product.late_charges or ()):
            yield ("products", name, "late_charges", at, "name"), charge.name
            yield ("products", name, "late_charges", at, "when"), charge.when


def _languages(
    where: tuple[str | int, ...], by: InLanguages, document: Document, words: Words
) -> Iterator[Problem]:
    for language in sorted(set(by) - set(words.languages)):
        yield document.problem((*where, language), f"there are no words in {language!r}")
    for language in sorted(set(MESSAGE_LANGUAGES) - set(by)):
        yield document.problem(where, f"is missing in {language}; whoever reads it gets no such message")
    for language, text in by.items():
        never = words.languages[language].never if language in words.languages else ()
        for entry in unkind_words(text, never):
            yield document.problem(
                (*where, language), f"'{entry}' blames, threatens or hurries; say it kindly"
            )
