"""Made-up books: realistic, seeded, and the same on every machine."""

from tideover.engine.facts.made_up._making import DAY_OF_THE_BOOK, CannotMakeBook, Sizes, make_book

__all__ = ["DAY_OF_THE_BOOK", "CannotMakeBook", "Sizes", "make_book"]
