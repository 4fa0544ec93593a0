"""Settings of ways, read from the environment with refusals that say what to set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tideover.kit.money import UnknownCurrency, decimals
from tideover.repayment.ways.contract import NotConnected


def needed(environ: Mapping[str, str], name: str, what: str) -> str:
    """A setting without which the way stays closed. Raises NotConnected."""
    given = environ.get(name, "").strip()
    if not given:
        raise NotConnected(f"Set {name} to {what}.")
    return given


def lender(environ: Mapping[str, str]) -> str:
    """To whom the money goes, as banks and apps show it."""
    return environ.get("TIDEOVER_PAY_NAME", "").strip() or needed(
        environ, "TIDEOVER_LENDER_NAME", "the lender's name, or TIDEOVER_PAY_NAME to that of the account"
    )


def secret_in(environ: Mapping[str, str], name: str, what: str) -> bytes:
    """What stands in the file that a setting names. Raises NotConnected."""
    try:
        found = Path(needed(environ, name, f"a file with {what}")).read_bytes().strip()
    except OSError as error:
        raise NotConnected(f"The file that {name} names cannot be read: {error.strerror}.") from None
    if not found:
        raise NotConnected(f"The file that {name} names is empty.")
    return found


def currencies_in(environ: Mapping[str, str], name: str, usual: str) -> frozenset[str]:
    """Codes separated by commas. Raises NotConnected."""
    codes = frozenset(it.strip().upper() for it in environ.get(name, usual).split(",") if it.strip())
    for code in codes:
        try:
            decimals(code)
        except UnknownCurrency as unknown:
            raise NotConnected(f"{name}: {unknown}") from None
    return codes
