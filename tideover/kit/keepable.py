"""What came from outside as a database can keep it, and whoever reads it can write it down again."""


def keepable(text: str) -> str:
    """The text without NUL, and a mark where half a letter stands alone: broken programs send both, and no word is lost for it."""
    whole = text.replace("\0", "")
    if whole.isascii():
        return whole
    return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
