"""Files people send: what they are is read from their content, and what is kept was written anew by us."""

from tideover.book.applications.uploads.checking import LARGEST, Checked, checked, clean_file_name
from tideover.book.applications.uploads.refusals import UploadRefused

__all__ = ["LARGEST", "Checked", "UploadRefused", "checked", "clean_file_name"]
