"""A file is what its bytes say, and what is kept of it can do nothing and tells of no place (ASVS 5.0, 5.2)."""

import io
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.book.applications.files import PLAIN, SCRIPT, pdf, picture, png_that_claims, stream, with_a_place
from tideover.book.applications.uploads import LARGEST, UploadRefused, checked, clean_file_name, pdfs


def kept(content):
    return checked(io.BytesIO(content))


def refused(content):
    with pytest.raises(UploadRefused) as caught:
        kept(content)
    return caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew_whatever_it_is_called(kind):
    safe = kept(picture(kind=kind))

    assert safe.media_type == "image/jpeg"
    assert Image.open(io.BytesIO(safe.content)).format == "JPEG"


def test_where_a_picture_was_taken_is_gone():
    content = with_a_place()
    assert b"our kitchen" in content

    safe = kept(content)

    assert b"our kitchen" not in safe.content
    assert not Image.open(io.BytesIO(safe.content)).getexif()


def test_what_hangs_behind_a_picture_is_gone():
    safe = kept(picture() + b"<script>alert(1)</script>PK\x03\x04")

    assert b"script" not in safe.content


def test_a_large_picture_becomes_small_enough_and_stays_readable():
    safe = kept(picture((6_000, 4_000)))

    assert Image.open(io.BytesIO(safe.content)).size == (2_400, 1_600)


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><body>",
        b"PK\x03\x04" + b"\0" * 40,
        b"MZ" + b"\0" * 40,
        b"\n%PDF-1.7",
    ],
)
def test_any_other_kind_is_refused(content):
    assert refused(content) == "kind"


def test_a_picture_of_a_phone_that_we_cannot_open_gets_words_of_its_own():
    assert refused(b"\0\0\0\x18ftypheic" + b"\0" * 40) == "heic"


def test_a_picture_of_a_hundred_thousand_by_a_hundred_thousand_is_not_opened():
    assert refused(png_that_claims(100_000, 100_000)) == "too_many_pixels"


def test_nothing_and_almost_nothing_are_refused():
    assert refused(b"") == "empty"
    assert refused(picture((10, 10))) == "too_small"


def test_no_more_is_read_than_may_be_sent():
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(UploadRefused) as caught:
        checked(endless)

    assert caught.value.code == "too_large"
    assert endless.given <= LARGEST + 100_000


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_picture_is_refused_or_opened_and_nothing_else(data):
    content = bytearray(picture((120, 90), kind=data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))))
    for place in data.draw(st.lists(st.integers(12, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(12, len(content)))

    try:
        safe = kept(bytes(content[:cut]))
    except UploadRefused:
        return
    assert Image.open(io.BytesIO(safe.content)).format == "JPEG"


# --- documents


def test_a_document_to_read_is_kept_as_it_is():
    content = pdf(PLAIN, stream(b"/Filter /FlateDecode", zlib.compress(b"BT /F1 12 Tf (Pay slip) Tj ET")))

    assert kept(content).content == content


def test_a_scan_is_no_program_by_chance():
    noise = zlib.compress(random.Random(7).randbytes(3_000_000))

    assert (
        kept(pdf(PLAIN, stream(b"/Subtype /Image /Filter /FlateDecode", noise))).media_type
        == "application/pdf"
    )


@pytest.mark.parametrize(
    "content",
    [
        pdf(PLAIN, SCRIPT),
        pdf(PLAIN, SCRIPT.replace(b"/JavaScript", b"/J#61vaScrip#74")),
        pdf(PLAIN, stream(b"/Type /ObjStm /Filter /FlateDecode", zlib.compress(SCRIPT))),
        pdf(PLAIN, stream(b"/Subtype /Image /Filter /FlateDecode", zlib.compress(SCRIPT))),
        pdf(
            PLAIN,
            stream(
                b"/Type /ObjStm /Filter [/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(SCRIPT))
            ),
        ),
        pdf(PLAIN, stream(b"/Type /ObjStm", SCRIPT)),
        pdf(
            PLAIN,
            stream(
                b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", zlib.compress(SCRIPT).hex().encode()
            ),
        ),
        pdf(PLAIN, stream(b"/N 3 /First 10 /Filter /LZWDecode", b"\x80\x0b\x60")),
        pdf(PLAIN, b"4 0 obj << /S /Launch /F (cmd.exe) >> endobj"),
        pdf(PLAIN, b"4 0 obj << /Type /EmbeddedFile >> endobj"),
        pdf(PLAIN, b"4 0 obj << /S /SubmitForm /F (http://x) >> endobj"),
        pdf(PLAIN, b"4 0 obj << /XFA 5 0 R >> endobj"),
    ],
)
def test_a_document_that_could_do_anything_is_refused(content):
    assert refused(content) == "active"


def test_a_name_across_two_pieces_is_seen(monkeypatch):
    monkeypatch.setattr(pdfs, "AT_ONCE", 64)
    for before in range(60, 68):
        hidden = zlib.compress(b"x" * before + b" /JavaScript ")
        assert refused(pdf(PLAIN, stream(b"/Type /ObjStm /Filter /FlateDecode", hidden))) == "active"


def test_a_locked_document_and_half_a_document_are_refused():
    assert refused(pdf(PLAIN, b"trailer << /Encrypt 9 0 R >>")) == "locked"
    assert refused(pdf(PLAIN)[:-8]) == "broken"


def test_a_document_that_unpacks_to_very_much_is_refused_without_holding_it():
    once = zlib.compress(b"\0" * (pdfs.MOST_INFLATED + 10_000_000), 1)

    assert refused(pdf(PLAIN, stream(b"/Filter /FlateDecode", once))) == "too_large"


# --- names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\papers\\pay slip.jpg", "pay slip.jpg"),
        ("pay\u202egpj.exe", "paygpj.exe"),
        ("<b>x</b>.pdf", "b.pdf"),
        ("..", ""),
        ("بطاقة.pdf", "بطاقة.pdf"),
    ],
)
def test_a_name_is_only_something_to_read(name, shown):
    assert clean_file_name(name) == shown


@given(st.text(max_size=200))
def test_no_name_is_a_path_or_turns_what_stands_around_it(name):
    clean = clean_file_name(name)

    assert len(clean) <= 80
    assert not set(clean) & set('/\\<>:"|?*\0\u202e\u2066\u200b')
    assert clean not in (".", "..")
