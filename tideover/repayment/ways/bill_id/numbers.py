"""شناسه قبض and شناسه پرداخت: the two numbers of an Iranian bill, with their check digits.

A bill identifier is the subscriber's number, the company's three digits, the kind of service and a check digit: thirteen
digits at most. A payment identifier is the amount in thousands of rials, a year's digit, two digits of the period, a check
digit of its own and one over both numbers. Weights run 2 to 7 from the right and begin again; modulo 11, and what would be
10 or 11 is 0.
"""

from __future__ import annotations

from tideover.kit.errors import Refused

SUBSCRIBER, COMPANY, LONGEST = 8, 3, 13
THOUSAND = 1_000
MOST = 99_999_999 * THOUSAND


class NotThisAmount(Refused):
    """These numbers carry whole thousands of rials."""


class NoNumber(Refused):
    """A bill of number nothing would be everybody's."""


def check_digit(digits: str) -> int:
    """The digit that follows these."""
    total = sum(int(it) * (2 + place % 6) for place, it in enumerate(reversed(digits)))
    return 0 if total % 11 < 2 else 11 - total % 11


def bill_id(subscriber: int, company: str, service: str) -> str:
    """The bill's identifier, its zeros in front kept."""
    body = f"{subscriber:0{SUBSCRIBER}}{company}{service}"
    return f"{body}{check_digit(body)}"


def payment_id(bill: str, rials: int, *, year: int, period: int) -> str:
    """The payment's identifier. Raises NotThisAmount."""
    if not 0 < rials <= MOST or rials % THOUSAND:
        raise NotThisAmount(f"This way carries whole thousands of rials, up to {MOST:,}.")
    body = f"{rials // THOUSAND}{year % 10}{period % 100:02}"
    first = f"{body}{check_digit(body)}"
    return f"{first}{check_digit(bill + first)}"


def amount_of(payment: str) -> int:
    """Rials that a payment identifier asks for."""
    return int(payment[:-5]) * THOUSAND


def subscriber_of(bill: str) -> int:
    """The subscriber's number in a bill identifier."""
    return int(bill[: -COMPANY - 2])


def fits(bill: str, payment: str) -> bool:
    """Whether the check digits of both numbers are right, and of both together."""
    if not (
        bill.isdecimal() and payment.isdecimal() and COMPANY + 2 < len(bill) <= LONGEST and len(payment) > 5
    ):
        return False
    return (
        check_digit(bill[:-1]) == int(bill[-1])
        and check_digit(payment[:-2]) == int(payment[-2])
        and check_digit(bill + payment[:-1]) == int(payment[-1])
    )
