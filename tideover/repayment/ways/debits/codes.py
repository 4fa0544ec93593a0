"""Why a debit came back (ISO 20022 external reason codes, as SEPA uses them), and what follows from it."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """What it says, and whether the mandate ends with it or rests until she has been asked."""

    says: str
    ends: bool = False
    rests: bool = False


CODES: dict[str, Reason] = {
    "AC01": Reason("The number of the account is wrong.", ends=True),
    "AC04": Reason("The account is closed.", ends=True),
    "AC06": Reason("The account is blocked.", rests=True),
    "AC13": Reason("It is a business account; this scheme is for consumers.", ends=True),
    "AG01": Reason("Direct debits are not possible from this account.", ends=True),
    "AG02": Reason("The bank did not understand the kind of collection."),
    "AM04": Reason("There was too little money in the account."),
    "AM05": Reason("It was collected twice."),
    "BE05": Reason("The bank does not know us by our creditor identifier.", rests=True),
    "CNOR": Reason("The creditor's bank does not take part."),
    "DNOR": Reason("Her bank does not take part.", ends=True),
    "FF01": Reason("The file was not in the right form."),
    "MD01": Reason("There is no mandate; or it was taken back.", ends=True),
    "MD02": Reason("The mandate's data are missing or wrong.", rests=True),
    "MD06": Reason("She asked her bank for the money back.", rests=True),
    "MD07": Reason("The holder of the account has died.", ends=True),
    "MS02": Reason("She said no to it, and gave no reason.", rests=True),
    "MS03": Reason("Her bank gave no reason."),
    "RC01": Reason("The bank is not known.", ends=True),
    "RR01": Reason("Her bank may not say why; a law asks for more data.", rests=True),
    "RR02": Reason("A law asks for her name or address.", rests=True),
    "RR03": Reason("A law asks for our name or address."),
    "RR04": Reason("A law forbids it.", rests=True),
    "SL01": Reason("She blocked it at her bank.", rests=True),
}
UNKNOWN = Reason("The bank gave a code that we do not know.", rests=True)
"""Where we do not know why, nothing is taken until she has been asked."""


def reason(code: str) -> Reason:
    """What a code says."""
    return CODES.get(code, UNKNOWN)
