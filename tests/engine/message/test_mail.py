"""A message as an e-mail: whole without a picture from elsewhere, in either direction, and safe whatever a name holds."""

import re
from dataclasses import replace

import pytest

from tests.engine.message.letters import GIVEN, message
from tideover.engine.message import Action, Message, Picture, mail_html


@pytest.fixture(scope="module")
def html(templates):
    return mail_html(message("due_soon", "email", templates))


@pytest.fixture
def mirrored(templates) -> Message:
    made = message("due_soon", "email", templates)
    return replace(made, language="fa", direction="rtl", subject="پرداخت شما", preview="یک پیام کوتاه")


def body_of(html: str) -> str:
    return html[html.index("<body") :]


def test_it_fetches_nothing_and_tells_nobody_that_it_was_opened(html):
    fetched = re.findall(r"""(?:src|url|href)\s*[=(]\s*["']?(https?:[^"')\s]+)""", html)

    assert set(fetched) == {"https://kindly.example/pa7Q2M"}
    assert "<img" not in html
    assert "@import" not in html


def test_it_has_one_button(html, templates):
    assert body_of(html).count("Pay now") == 1
    without = mail_html(message("due_soon", "email", templates, links={}))
    assert "href=" not in body_of(without)


def test_it_says_what_the_plain_part_says(html, templates):
    made = message("due_soon", "email", templates)

    for block in (*made.blocks, *made.closing):
        for line in block.lines:
            assert line in html


def test_what_is_shown_before_it_is_opened_is_the_preview(html, templates):
    made = message("due_soon", "email", templates)
    shown = re.sub(r"<[^>]+>", " ", body_of(html)).split()

    assert " ".join(shown).startswith(made.preview)
    assert f"<title>{made.subject}</title>" in html


def test_it_follows_the_reader_into_the_dark(html):
    assert 'name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html


def test_the_picture_says_the_same_in_words(html):
    path = re.search(r'<table class="path".*?</table>', html, re.DOTALL)[0]

    assert 'role="img" aria-label="5 of 12 steps are done. The next is €120.50, on Monday 9 March."' in path
    assert [path.count(f'class="{it}"') for it in ("done", "next", "ahead")] == [5, 1, 6]


def test_right_to_left_mirrors_text_list_and_path(mirrored, templates):
    listed = replace(message("gentle_reminder", "email", templates), language="fa", direction="rtl")

    html = mail_html(mirrored)

    assert '<html lang="fa" dir="rtl"' in html
    assert 'class="path" role="img"' in html
    assert re.search(r'<table class="path"[^>]* dir="rtl"', html)
    assert "text-align:right" in html
    assert "direction:ltr" not in body_of(html)
    assert 'dir="ltr"' not in html
    assert "padding-right:20px" in mail_html(listed)


def test_what_a_name_holds_is_text_and_nothing_else(templates):
    made = message("due_soon", "email", templates)
    evil = '<b onclick="x">&amp; "q" </mj-text>'
    made = replace(
        made,
        subject=evil,
        sender=evil,
        action=Action("pay", evil, 'https://kindly.example/?a="b"&c'),
        picture=Picture(evil, 1, 2, evil, evil, evil),
    )

    html = mail_html(made)

    assert "<b onclick" not in html
    assert "&lt;b onclick" in html


def test_full_terms_are_rows(templates):
    html = mail_html(message("approved", "email", templates, given=GIVEN))

    assert re.search(r"<td[^>]*>What you pay back in all</td><td[^>]*>€1,120.50</td>", html)


def test_a_screen_reader_reads_the_subject_as_it_is_written(mirrored):
    html = mail_html(replace(mirrored, subject="یادآوری پرداخت\u200cها"))

    assert 'aria-label="یادآوری پرداخت\u200cها"' in html
