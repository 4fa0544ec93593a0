"""The closed lists of the made-up world: kinds of loans, channels, languages, products and terms."""

from __future__ import annotations

KINDS = ("instalment", "microfinance", "revolving", "once")
INSTALMENT, MICROFINANCE, REVOLVING, ONCE = range(4)

LANGUAGES = ("bn", "lv", "vi", "fa", "en", "ru", "hi", "pt", "de", "es", None)
CHANNELS = ("app", "push", "email", "sms", "letter", "call", "visit")
APP, PUSH, EMAIL, SMS, LETTER, CALL, VISIT = range(7)


OPEN_TO_OFFERS = 0.32
"""Share of people who allow offers."""


PRODUCTS = (
    ("household_goods", "personal", "motorbike", "home_improvement", "school_fees"),
    ("group_loan", "seed_loan", "small_shop"),
    ("credit_card", "store_card"),
    ("salary_advance", "short_loan"),
)
"""Products by kind."""

PURPOSES = (
    ("appliance", "wedding", "vehicle", "repairs", "education"),
    ("livestock", "harvest", "stock"),
    ("everyday", "shopping"),
    ("bridging", "emergency"),
)
"""What each product's money is mostly for, beside PRODUCTS."""

TERMS = (
    ((3, 0.15), (6, 0.30), (9, 0.10), (12, 0.30), (18, 0.08), (24, 0.05), (36, 0.02)),
    ((16, 0.20), (24, 0.45), (36, 0.20), (46, 0.15)),
    ((1, 1.0),),
    ((15, 0.35), (30, 0.45), (60, 0.12), (90, 0.08)),
)
"""(length, share) by kind: months, weeks, nothing for cards, days for loans repaid at once."""

SIZES = (
    (0.0, 150),
    (0.1, 350),
    (0.25, 550),
    (0.5, 1_000),
    (0.75, 1_700),
    (0.9, 2_900),
    (0.99, 6_000),
    (1.0, 9_000),
)
"""Loan size in thousandths of the country's middling loan."""
