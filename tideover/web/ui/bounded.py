"""A body that is longer than it may be is not kept: neither in memory nor on the disk."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest


class Bounded(FileUploadHandler):
    """Keeps the first `most` bytes of each file, and lets the rest pass by unread.

    A file that was cut is longer than what is allowed, so whoever reads it says that it is too large.
    """

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most, self.size, self.kept = most, 0, io.BytesIO()

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.size, self.kept = 0, io.BytesIO()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django gives both
        room = self.most - self.size
        if room > 0:
            self.kept.write(raw_data[:room])
        self.size = min(self.size + len(raw_data), self.most)

    def file_complete(self, file_size: int) -> UploadedFile:  # noqa: ARG002 - ours may be cut
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name or "", self.content_type or "", self.size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
