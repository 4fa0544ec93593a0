"""A PDF with anything that acts, carries files or is locked is refused. It is read as bytes: nothing in it is run.

Names may hide behind #-escapes (ISO 32000-1, 7.3.5) and inside compressed streams, so both are undone before looking. A
stream that may hold objects and is packed in any other way than we can open is refused too.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from tideover.book.applications.uploads.refusals import UploadRefused

MOST_INFLATED = 300_000_000
"""Bytes of all streams together, opened: some pages of a scan, and no bomb."""
MOST_STREAMS = 5_000
AT_ONCE = 1_000_000
OVERLAP = 64
"""A name that lies across two pieces is seen in the second."""

# Names of dictionaries that run, fetch, send or carry something (ISO 32000-1, 12.6 and 7.11). No short ones such as /JS:
# they occur in pictures by chance, and an action with a script names itself /JavaScript or /Rendition as well.
_ACTS = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|ImportData|SubmitForm|GoToE|GoToR|Rendition|Movie|Sound|Filespec)"
    rb"(?![A-Za-z0-9])"
)
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_HOLDS_OBJECTS = re.compile(rb"/ObjStm(?![A-Za-z0-9])|/First(?![A-Za-z0-9])")
_PACKED_OTHERWISE = re.compile(rb"/(?:ASCII85|ASCIIHex|LZW|RunLength|Crypt)|/(?:A85|AHx|RL)(?![A-Za-z0-9])")


def refuse_active(content: bytes) -> None:
    """Raises UploadRefused where the document could do anything but be read."""
    if b"%%EOF" not in content[-2_048:]:
        raise UploadRefused("broken", "The document is not whole. Send it again.")
    for part in _parts(content):
        if _ACTS.search(part):
            raise UploadRefused("active", "The document carries a program or another file.")
        if _LOCKED.search(part):
            raise UploadRefused("locked", "The document is locked with a password.")


def _parts(content: bytes) -> Iterator[bytes]:
    """What lies between the streams, and every stream, opened, piece by piece."""
    at, left = 0, MOST_INFLATED
    for count, begin in enumerate(_STREAM.finditer(content)):
        if begin.start() < at:
            continue
        if count > MOST_STREAMS:
            raise UploadRefused("broken", "The document has too many parts.")
        head = _plain(content[at : begin.start()])
        yield head
        end = content.find(b"endstream", begin.end())
        at = len(content) if end < 0 else end
        for piece in _opened(head, content[begin.end() : at]):
            left -= len(piece)
            if left < 0:
                raise UploadRefused("too_large", "The document is larger than it looks.")
            yield _plain(piece)
    yield _plain(content[at:])


def _opened(head: bytes, body: bytes) -> Iterator[bytes]:
    """A stream as it is, and without its compression, whatever its head says of it."""
    yield body
    if _HOLDS_OBJECTS.search(head) and _PACKED_OTHERWISE.search(head):
        raise UploadRefused("active", "The document is packed in a way that cannot be looked into.")
    yield from _inflated(body, depth=2)


def _inflated(body: bytes, depth: int) -> Iterator[bytes]:
    """Piece by piece; what was packed twice is opened twice. What is damaged ends there, as it does for every reader."""
    inflater, rest, before, first = zlib.decompressobj(), body, b"", b""
    while rest and not inflater.eof:
        try:
            piece = inflater.decompress(rest, AT_ONCE)
        except zlib.error:
            return
        rest = inflater.unconsumed_tail
        if not first:
            first = piece
            if depth and piece[:1] == b"\x78":
                yield from _inflated(piece, depth - 1)
        yield before + piece
        before = piece[-OVERLAP:]
        if not piece and not rest:
            return


def _plain(part: bytes) -> bytes:
    return _ESCAPE.sub(lambda it: bytes([int(it[1], 16)]), part) if b"#" in part else part
