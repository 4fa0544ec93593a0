"""Texts of others in a table that a spreadsheet opens: none of them may begin a formula."""

import re
import unicodedata

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%")
_PHONE = re.compile(r"\+\d[\d ()./-]*")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would compute it. Phone numbers stay as they are."""
    seen = unicodedata.normalize("NFKC", text).lstrip("\ufeff\u200b \u00a0\"'")
    if _PHONE.fullmatch(text):
        return text
    return f"'{text}" if seen.startswith(BEGINS_A_FORMULA) or text.startswith(BEGINS_A_FORMULA) else text
