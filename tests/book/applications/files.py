"""Files as people send them, and as those send them who mean harm."""

import io
import struct
import zlib

from PIL import Image


def picture(size=(800, 600), kind="JPEG", **about):
    """A plain picture."""
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, kind, **about)
    return made.getvalue()


def with_a_place():
    """A picture that says where it was taken, and with which words."""
    exif = Image.Exif()
    exif[0x010E] = "our kitchen"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (56.0, 57.0, 0.0)
    return picture(exif=exif.tobytes())


def png_that_claims(width, height):
    """A few bytes that say they are a picture of that size."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000))
        + chunk(b"IEND", b"")
    )


def pdf(*objects: bytes):
    """A document of these objects."""
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def stream(head: bytes, body: bytes):
    """An object with a stream."""
    return b"5 0 obj\n<< " + head + b" /Length %d >>\nstream\n" % len(body) + body + b"\nendstream\nendobj"


PLAIN = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj"
SCRIPT = b"4 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj"
