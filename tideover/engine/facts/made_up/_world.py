"""The made-up world: countries, their money and paydays, and what is lent there.

Five countries carry nearly all borrowers; a few people elsewhere keep everybody honest about zones and currencies.
Amounts are rough, in whole units of the currency; nothing here is a statistic of a real lender.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("instalment", "microfinance", "revolving", "once")
INSTALMENT, MICROFINANCE, REVOLVING, ONCE = range(4)

LANGUAGES = ("bn", "lv", "vi", "fa", "en", "ru", "hi", "pt", "de", "es", None)
CHANNELS = ("app", "push", "email", "sms", "letter", "call", "visit")
APP, PUSH, EMAIL, SMS, LETTER, CALL, VISIT = range(7)


OPEN_TO_OFFERS = 0.32
"""Share of people who allow offers."""


@dataclass(frozen=True)
class Country:
    """How life is lived and money is lent in one place."""

    code: str
    share: float
    zones: tuple[str, ...]
    languages: tuple[tuple[str | None, float], ...]
    currency: str
    minor: int
    """Minor units in one unit of the currency."""
    principal: int
    """A middling loan in whole units."""
    rounding: int
    """Amounts are lent in multiples of this many whole units."""
    rate_ppm: int
    kinds: tuple[float, float, float, float]
    """Shares of KINDS."""
    due_days: tuple[int, ...]
    """Days of the month on which instalments usually fall due."""
    reach: tuple[float, float, float, float, float]
    """Share of people with an address for app, push, email, sms and call, letter."""
    guarantors: float
    """Share of loans that somebody guarantees."""
    regions: tuple[str, ...]
    weekend: tuple[str, ...]


COUNTRIES = (
    Country("BD", 0.27, ("Asia/Dhaka",), (("bn", 0.98), ("en", 0.02)), "BDT", 100, 30_000, 1_000, 240_000,
            (0.30, 0.60, 0.05, 0.05), (5, 7, 10, 12, 14, 15, 17), (0.35, 0.30, 0.12, 0.97, 0.55), 0.16,
            ("Dhaka", "Khulna", "Sylhet", "Rangpur", "Barisal"), ("friday", "saturday")),
    Country("LV", 0.12, ("Europe/Riga",), (("lv", 0.80), ("ru", 0.17), ("en", 0.03)), "EUR", 100, 1_800, 50, 190_000,
            (0.70, 0.00, 0.20, 0.10), (5, 10, 12, 15, 16, 18, 25), (0.62, 0.50, 0.92, 0.94, 0.95), 0.04,
            ("Riga", "Vidzeme", "Latgale", "Kurzeme"), ("saturday", "sunday")),
    Country("VN", 0.22, ("Asia/Ho_Chi_Minh",), (("vi", 0.985), ("en", 0.015)), "VND", 1, 24_000_000, 500_000, 280_000,
            (0.65, 0.15, 0.15, 0.05), (5, 10, 12, 14, 15, 16, 20), (0.70, 0.62, 0.35, 0.97, 0.40), 0.08,
            ("Hanoi", "Hue", "Saigon", "Can-Tho"), ("sunday",)),
    Country("IR", 0.17, ("Asia/Tehran",), (("fa", 0.985), ("en", 0.015)), "IRR", 1, 900_000_000, 10_000_000, 230_000,
            (0.80, 0.05, 0.10, 0.05), (1, 8, 10, 12, 15, 17, 22), (0.48, 0.30, 0.15, 0.96, 0.60), 0.22,
            ("Tehran", "Shiraz", "Tabriz", "Mashhad"), ("friday",)),
    Country("GB", 0.17, ("Europe/London",), (("en", 0.985), ("hi", 0.005), ("es", 0.01)), "GBP", 100, 2_500, 100, 160_000,
            (0.55, 0.00, 0.35, 0.10), (1, 8, 12, 15, 16, 18, 28), (0.66, 0.52, 0.95, 0.90, 0.97), 0.03,
            ("London", "Leeds", "Cardiff", "Glasgow"), ("saturday", "sunday")),
    Country("US", 0.018, ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
            (("en", 0.88), ("es", 0.12)), "USD", 100, 3_000, 100, 210_000, (0.50, 0.00, 0.40, 0.10), (1, 10, 15, 18, 22),
            (0.60, 0.50, 0.93, 0.92, 0.97), 0.03, ("East", "Midwest", "West"), ("saturday", "sunday")),
    Country("IN", 0.02, ("Asia/Kolkata",), (("hi", 0.6), ("en", 0.4)), "INR", 100, 40_000, 1_000, 220_000,
            (0.50, 0.35, 0.10, 0.05), (3, 5, 7, 10, 15), (0.60, 0.45, 0.40, 0.97, 0.55), 0.10,
            ("Pune", "Patna", "Kochi"), ("sunday",)),
    Country("BR", 0.008, ("America/Sao_Paulo", "America/Manaus"), (("pt", 1.0),), "BRL", 100, 4_000, 100, 420_000,
            (0.60, 0.05, 0.30, 0.05), (5, 10, 15, 20), (0.72, 0.60, 0.80, 0.95, 0.70), 0.03,
            ("SP", "AM"), ("saturday", "sunday")),
    Country("DE", 0.004, ("Europe/Berlin",), (("de", 0.95), ("en", 0.05)), "EUR", 100, 5_000, 100, 75_000,
            (0.75, 0.00, 0.20, 0.05), (1, 15, 30), (0.55, 0.40, 0.94, 0.92, 0.98), 0.05, ("Berlin", "Köln"),
            ("saturday", "sunday")),
)  # fmt: skip

ZONES: tuple[str, ...] = tuple(zone for country in COUNTRIES for zone in country.zones)
"""Every clock in the made-up world, as `Country.zones` in the order of the countries."""

FIRST_ZONE: tuple[int, ...] = tuple(sum(len(c.zones) for c in COUNTRIES[:place]) for place in range(len(COUNTRIES)))
"""Where each country's zones begin in ZONES."""

CURRENCIES: tuple[str, ...] = tuple(dict.fromkeys(country.currency for country in COUNTRIES))

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

SIZES = ((0.0, 150), (0.1, 350), (0.25, 550), (0.5, 1_000), (0.75, 1_700), (0.9, 2_900), (0.99, 6_000), (1.0, 9_000))
"""Loan size in thousandths of the country's middling loan."""
