"""A picture is decoded and written anew: where it was taken, who took it and whatever else was put in are gone."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from tideover.book.applications.uploads.refusals import UploadRefused

MOST_PIXELS = 50_000_000
"""A picture of more is a trick, or no picture of a paper: it would take hundreds of megabytes to open."""
LEAST_SIDE = 50
LONGEST_SIDE = 2_400
"""Pixels: a page stays readable at that, and the file small."""
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")


def written_anew(content: bytes) -> bytes:
    """The picture as a plain JPEG, upright, without metadata. Raises UploadRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _rewritten(content)
    except UploadRefused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise _too_many_pixels() from bomb
    except Exception as broken:  # a decoder may raise anything over a damaged or hostile file
        raise UploadRefused("broken", "The picture cannot be opened. Take it again.") from broken


def _rewritten(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise _too_many_pixels()
        if min(width, height) < LEAST_SIDE:
            raise UploadRefused("too_small", "The picture is too small to read anything in it.")
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = Image.new("RGB", upright.size, "white")
        whole = upright.convert("RGBA")
        plain.paste(whole, mask=whole.getchannel("A"))
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _too_many_pixels() -> UploadRefused:
    return UploadRefused("too_many_pixels", "The picture has more pixels than can be opened.")
