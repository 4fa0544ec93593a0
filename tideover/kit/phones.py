"""Phone numbers: as people write them, as networks know them (E.164), and when two are the same phone."""

import re
from typing import Literal

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from tideover.kit.errors import Refused
from tideover.kit.text import ascii_digits, clean_name

PhoneKind = Literal["mobile", "fixed", "fixed_or_mobile", "toll_free", "premium", "other", "unknown"]

_KINDS: dict[int, PhoneKind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.UNKNOWN: "unknown",
}
_PLAIN = re.compile(r"[+(\d][\d\s()./\u2010-\u2015-]*")
_EXTENSION = re.compile(r"(;ext=|\bext\b\.?|\bextension\b|\bx|#)\s*\d+$", re.IGNORECASE)
_SPREADSHEET_FLOAT = re.compile(r"\.0+$")
# The same line before and after its country changed how mobile numbers are written: Mexico dropped the 1
# after the country code in 2019, Brazil had put a 9 before all mobile numbers by 2016.
_RENUMBERED = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+55(\d{2})([6-9]\d{7})"), r"+55\g<1>9\2"),
)
_NO_COUNTRY = frozenset({None, "001", "ZZ"})
_ADVICE = "Write one number, with + and the country code, such as +371 20000000."


class UnclearPhone(Refused):
    """A text that is not exactly one phone number."""


def phone_of(text: str, country: str | None = None) -> str:
    """The number in E.164, such as +37120000000; `country` (ISO, two letters) for numbers written without +.

    Digits of every script are read, extensions dropped, numbers from before a renumbering brought up to date.
    The length must be one the country uses; whether the range is in service is not asked, since ranges open
    faster than lists of them are published.
    """
    written = _digits_of(text)
    if not _PLAIN.fullmatch(written):
        raise UnclearPhone(f"{text.strip()!r} is not a phone number. {_ADVICE}")
    try:
        parsed = phonenumbers.parse(written, country.upper() if country else None)
    except NumberParseException:
        raise UnclearPhone(f"{text.strip()!r} is not a phone number{_in(country)}. {_ADVICE}") from None
    e164 = phone_key(str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164)))
    if phonenumbers.is_possible_number_with_reason(_known(e164)) != ValidationResult.IS_POSSIBLE:
        raise UnclearPhone(
            f"{text.strip()!r} is too long or too short for a phone number{_in(country)}. {_ADVICE}"
        )
    return e164


def phone_key(e164: str) -> str:
    """Equal for two numbers that ring the same phone: compare these when a number is suppressed or shared."""
    for old, new in _RENUMBERED:
        if old.fullmatch(e164):
            return old.sub(new, e164)
    return e164


def phone_kind(e164: str) -> PhoneKind:
    """What kind of line it is, by its country's plan. Never give a borrower a premium number to call."""
    return _KINDS.get(phonenumbers.number_type(_known(e164)), "other")


def country_of_phone(e164: str) -> str | None:
    """The ISO code of the number's country, None for numbers that belong to none."""
    number = _known(e164)
    main = phonenumbers.region_code_for_country_code(number.country_code or 0)
    found = phonenumbers.region_code_for_number(number) or main
    return None if found in _NO_COUNTRY else str(found)


def shown_phone(e164: str, country: str | None = None) -> str:
    """The number with its spaces: as at home for someone in `country`, else with + and country code."""
    at_home = country is not None and country_of_phone(e164) == country.upper()
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(_known(e164), form))


def _digits_of(text: str) -> str:
    written = ascii_digits(clean_name(text)).removeprefix("tel:")
    without_extension = _EXTENSION.sub("", written).strip()
    return (
        _SPREADSHEET_FLOAT.sub("", without_extension)
        if without_extension.count(".") == 1
        else without_extension
    )


def _known(e164: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(e164, None)
    except NumberParseException:
        raise UnclearPhone(f"{e164!r} is not an E.164 number. {_ADVICE}") from None


def _in(country: str | None) -> str:
    return f" in {country.upper()}" if country else ""
