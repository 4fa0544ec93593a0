"""The made-up countries: where people live, what they speak, when they are paid and what is lent there.

Five carry nearly all borrowers; a few people elsewhere keep everybody honest about zones and currencies. Amounts are
rough, in whole units of the currency; nothing here is a statistic of a real lender.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    Country(
        code="BD",
        share=0.27,
        zones=("Asia/Dhaka",),
        languages=(("bn", 0.98), ("en", 0.02)),
        currency="BDT",
        minor=100,
        principal=30_000,
        rounding=1000,
        rate_ppm=240_000,
        kinds=(0.3, 0.6, 0.05, 0.05),
        due_days=(5, 7, 10, 12, 14, 15, 17),
        reach=(0.35, 0.3, 0.12, 0.97, 0.55),
        guarantors=0.16,
        regions=("Dhaka", "Khulna", "Sylhet", "Rangpur", "Barisal"),
        weekend=("friday", "saturday"),
    ),
    Country(
        code="LV",
        share=0.12,
        zones=("Europe/Riga",),
        languages=(("lv", 0.8), ("ru", 0.17), ("en", 0.03)),
        currency="EUR",
        minor=100,
        principal=1800,
        rounding=50,
        rate_ppm=190_000,
        kinds=(0.7, 0.0, 0.2, 0.1),
        due_days=(5, 10, 12, 15, 16, 18, 25),
        reach=(0.62, 0.5, 0.92, 0.94, 0.95),
        guarantors=0.04,
        regions=("Riga", "Vidzeme", "Latgale", "Kurzeme"),
        weekend=("saturday", "sunday"),
    ),
    Country(
        code="VN",
        share=0.22,
        zones=("Asia/Ho_Chi_Minh",),
        languages=(("vi", 0.985), ("en", 0.015)),
        currency="VND",
        minor=1,
        principal=24_000_000,
        rounding=500_000,
        rate_ppm=280_000,
        kinds=(0.65, 0.15, 0.15, 0.05),
        due_days=(5, 10, 12, 14, 15, 16, 20),
        reach=(0.7, 0.62, 0.35, 0.97, 0.4),
        guarantors=0.08,
        regions=("Hanoi", "Hue", "Saigon", "Can-Tho"),
        weekend=("sunday",),
    ),
    Country(
        code="IR",
        share=0.17,
        zones=("Asia/Tehran",),
        languages=(("fa", 0.985), ("en", 0.015)),
        currency="IRR",
        minor=1,
        principal=900_000_000,
        rounding=10_000_000,
        rate_ppm=230_000,
        kinds=(0.8, 0.05, 0.1, 0.05),
        due_days=(1, 8, 10, 12, 15, 17, 22),
        reach=(0.48, 0.3, 0.15, 0.96, 0.6),
        guarantors=0.22,
        regions=("Tehran", "Shiraz", "Tabriz", "Mashhad"),
        weekend=("friday",),
    ),
    Country(
        code="GB",
        share=0.17,
        zones=("Europe/London",),
        languages=(("en", 0.985), ("hi", 0.005), ("es", 0.01)),
        currency="GBP",
        minor=100,
        principal=2500,
        rounding=100,
        rate_ppm=160_000,
        kinds=(0.55, 0.0, 0.35, 0.1),
        due_days=(1, 8, 12, 15, 16, 18, 28),
        reach=(0.66, 0.52, 0.95, 0.9, 0.97),
        guarantors=0.03,
        regions=("London", "Leeds", "Cardiff", "Glasgow"),
        weekend=("saturday", "sunday"),
    ),
    Country(
        code="US",
        share=0.018,
        zones=("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
        languages=(("en", 0.88), ("es", 0.12)),
        currency="USD",
        minor=100,
        principal=3000,
        rounding=100,
        rate_ppm=210_000,
        kinds=(0.5, 0.0, 0.4, 0.1),
        due_days=(1, 10, 15, 18, 22),
        reach=(0.6, 0.5, 0.93, 0.92, 0.97),
        guarantors=0.03,
        regions=("East", "Midwest", "West"),
        weekend=("saturday", "sunday"),
    ),
    Country(
        code="IN",
        share=0.02,
        zones=("Asia/Kolkata",),
        languages=(("hi", 0.6), ("en", 0.4)),
        currency="INR",
        minor=100,
        principal=40_000,
        rounding=1000,
        rate_ppm=220_000,
        kinds=(0.5, 0.35, 0.1, 0.05),
        due_days=(3, 5, 7, 10, 15),
        reach=(0.6, 0.45, 0.4, 0.97, 0.55),
        guarantors=0.1,
        regions=("Pune", "Patna", "Kochi"),
        weekend=("sunday",),
    ),
    Country(
        code="BR",
        share=0.008,
        zones=("America/Sao_Paulo", "America/Manaus"),
        languages=(("pt", 1.0),),
        currency="BRL",
        minor=100,
        principal=4000,
        rounding=100,
        rate_ppm=420_000,
        kinds=(0.6, 0.05, 0.3, 0.05),
        due_days=(5, 10, 15, 20),
        reach=(0.72, 0.6, 0.8, 0.95, 0.7),
        guarantors=0.03,
        regions=("SP", "AM"),
        weekend=("saturday", "sunday"),
    ),
    Country(
        code="DE",
        share=0.004,
        zones=("Europe/Berlin",),
        languages=(("de", 0.95), ("en", 0.05)),
        currency="EUR",
        minor=100,
        principal=5000,
        rounding=100,
        rate_ppm=75_000,
        kinds=(0.75, 0.0, 0.2, 0.05),
        due_days=(1, 15, 30),
        reach=(0.55, 0.4, 0.94, 0.92, 0.98),
        guarantors=0.05,
        regions=("Berlin", "Köln"),
        weekend=("saturday", "sunday"),
    ),
)

ZONES: tuple[str, ...] = tuple(zone for country in COUNTRIES for zone in country.zones)
"""Every clock in the made-up world, as `Country.zones` in the order of the countries."""

FIRST_ZONE: tuple[int, ...] = tuple(
    sum(len(c.zones) for c in COUNTRIES[:place]) for place in range(len(COUNTRIES))
)
"""Where each country's zones begin in ZONES."""

CURRENCIES: tuple[str, ...] = tuple(dict.fromkeys(country.currency for country in COUNTRIES))
