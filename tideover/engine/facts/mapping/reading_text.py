"""Reading texts as days, amounts and codes, for whoever else has texts to read."""

from ._dates import expected
from ._model import Parse
from ._parse import Parsed, Reading, parse, read

__all__ = ["Parse", "Parsed", "Reading", "expected", "parse", "read"]
