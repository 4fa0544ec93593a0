"""Decisions in words: why a person was spoken to or left in peace, in the person's language and for staff.

What others may use: `explain`, `facts_of`, the words with their check, and the ICU patterns that messages share.
"""

from tideover.engine.message.check import check_words
from tideover.engine.message.explain import explain
from tideover.engine.message.explanation import Explanation, Line, Part
from tideover.engine.message.patterns import BadPattern, arguments, spoken
from tideover.engine.message.plain import Reading, reading_of
from tideover.engine.message.reading import UnknownPerson, facts_of
from tideover.engine.message.tellable import Audience
from tideover.engine.message.told import Told
from tideover.engine.message.words import LANGUAGES, Words, read_words

__all__ = [
    "LANGUAGES",
    "Audience",
    "BadPattern",
    "Explanation",
    "Line",
    "Part",
    "Reading",
    "Told",
    "UnknownPerson",
    "Words",
    "arguments",
    "check_words",
    "explain",
    "facts_of",
    "read_words",
    "reading_of",
    "spoken",
]
