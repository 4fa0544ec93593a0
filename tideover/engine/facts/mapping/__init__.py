"""Importing a real book by a mapping: a YAML file that says how a source's files become the tables of the contract."""

from ._importing import SOURCES, import_mapped, import_source, mapping_path, source_names
from ._problems import FilesRefused, MappingRefused
from ._reading import Read, read_mapping, read_mapping_text
from ._summary import Counted, FileCount, Summary, TableCount

__all__ = [
    "SOURCES",
    "Counted",
    "FileCount",
    "FilesRefused",
    "MappingRefused",
    "Read",
    "Summary",
    "TableCount",
    "import_mapped",
    "import_source",
    "mapping_path",
    "read_mapping",
    "read_mapping_text",
    "source_names",
]
