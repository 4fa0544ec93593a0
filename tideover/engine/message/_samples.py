"""A person and a lender as long as real ones are, to see whether a text message fits."""

from __future__ import annotations

from tideover.engine.message.placeholders import GIVEN, LINKS, Kind
from tideover.engine.message.sender import Sender
from tideover.engine.message.telling import Given, Letterhead
from tideover.engine.message.told import TELLABLE, Fact, Form, Told

CURRENCIES = {"bn": "BDT", "vi": "VND", "fa": "IRR"}
AMOUNT = {"BDT": 1_250_000, "VND": 1_250_000, "IRR": 12_500_000}
DAY = 20_703
"""Monday 7 September 2026."""

SENDER = Sender(
    "Kindly Bank", "+371 6700 0000", hours="Monday to Friday, 9 to 18", address="Brivibas 1, Riga", web="kindly.example",
    licence="Licence 12/34", stop_word="STOP",
)  # fmt: skip
LONG_NAME = "Kindly Lending Latvia"
"""With a name as long as this the shortest way to say it must still fit."""

HEAD = Letterhead(SENDER, "7Q2-M4T", dict.fromkeys(LINKS, "kindly.example/7Q2M4TXA"))


def sample_told(language: str, purpose: str) -> Told:
    """A decision of which everything is known."""
    currency = CURRENCIES.get(language, "EUR")
    amount = AMOUNT.get(currency, 12_050)
    forms: dict[Form, Fact] = {Form.COUNT: 12, Form.DAYS: 3, Form.MONEY: amount, Form.DAY: DAY + 2}
    values: dict[str, Fact] = {name: forms[form] for name, form in TELLABLE.items()}
    row: dict[str, Fact] = {
        "purpose": purpose,
        "at": DAY * 86_400,
        "treatment": "contact",
        "lesson": "credit_record",
    }
    return Told(row, offers=("new_day", "split"), values={**values, "currency": currency, "timezone": "UTC"})


def sample_given(language: str) -> Given:
    """Every value that a caller may give."""
    amount = AMOUNT.get(CURRENCIES.get(language, "EUR"), 12_050)
    by_kind: dict[Kind, int | str | tuple[str, ...]] = {
        Kind.MONEY: amount, Kind.DAY: DAY + 2, Kind.COUNT: 12, Kind.DAYS: 3, Kind.LIST: ("A", "B"), Kind.TEXT: "A",
        Kind.PROSE: "A",
    }  # fmt: skip
    return {name: by_kind[it.kind] for name, it in GIVEN.items()}
