"""What the engine knows: tables, books on disk, opening them, versions and quality."""

from .books import Book
from .opening import open_book
from .quality import Finding, Quality, TableQuality
from .refusals import BookRefused, FileUnreadable, TableMissing, TableUnusable, TooManyBadRows
from .renewing import can_renew, renew_book
from .sources import Engine
from .tables import ONE_OF, RECORDED_AT, TABLES, Column, Kind, Table
from .versions import without_later_ends
from .writing import write_book

__all__ = [
    "ONE_OF",
    "RECORDED_AT",
    "TABLES",
    "Book",
    "BookRefused",
    "Column",
    "Engine",
    "FileUnreadable",
    "Finding",
    "Kind",
    "Quality",
    "Table",
    "TableMissing",
    "TableQuality",
    "TableUnusable",
    "TooManyBadRows",
    "can_renew",
    "open_book",
    "renew_book",
    "without_later_ends",
    "write_book",
]
