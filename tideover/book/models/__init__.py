"""People with their sealed fields, and every fact table of the contract as rows."""

from tideover.book.models.facts import FACTS, Fact, fact_table
from tideover.book.models.imports import Import
from tideover.book.models.people import Address, ConsentText, Person

__all__ = ["FACTS", "Address", "ConsentText", "Fact", "Import", "Person", "fact_table"]
