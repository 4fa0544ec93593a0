"""Letters as PDF/UA, whole or not at all."""

import pytest

from tests.delivery.messages import AT, SCRIPTS, message, sent
from tideover.delivery.channels import NotConnected, Rejected, TooLate, open_channel

ADDRESS = "Asha Rahman\n12 Long Street\nSylhet"


@pytest.fixture
def letters(tmp_path):
    return open_channel("letter", {"TIDEOVER_LETTER_FOLDER": str(tmp_path / "out")})


@pytest.mark.parametrize("language", SCRIPTS)
async def test_a_letter_is_tagged_in_its_language(letters, language):
    direction, words = SCRIPTS[language]

    accepted = await sent(
        letters, message(to=ADDRESS, text=words, subject=words[:20], language=language, direction=direction)
    )

    pdf = (letters.settings.folder / accepted.reference).read_bytes()
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in pdf
    assert f"/Lang({language}".encode() in pdf
    assert "asha" not in accepted.reference.lower()


async def test_the_same_letter_again_lies_there_once(letters):
    one = await sent(letters, message(to=ADDRESS))
    two = await sent(letters, message(to=ADDRESS))

    assert one == two
    assert [it.name for it in letters.settings.folder.iterdir()] == [one.reference]


async def test_signs_in_a_text_mean_nothing_to_the_typesetter(letters):
    nasty = (
        '#panic("x") #import "/etc/passwd" $x^2$ *bold* _i_ `raw` \\ @ref <label> = Heading "quote" //comment'
    )

    accepted = await sent(
        letters, message(to=f"{nasty}\n{nasty}", text=nasty, subject=nasty, sender_name=nasty)
    )

    assert (letters.settings.folder / accepted.reference).exists()


@pytest.mark.parametrize("bad", [{"to": " \n "}, {"text": "𓀀漢"}, {"text": "\ud800"}])
async def test_a_letter_that_cannot_be_read_is_not_printed(letters, bad):
    with pytest.raises(Rejected):
        await sent(letters, message(**({"to": ADDRESS} | bad)))

    assert list(letters.settings.folder.iterdir()) == []


async def test_too_late_is_an_error_and_not_a_letter(letters):
    with pytest.raises(TooLate):
        await sent(letters, message(to=ADDRESS, use_by=AT))

    assert list(letters.settings.folder.iterdir()) == []


def test_without_a_folder_the_channel_is_not_connected():
    with pytest.raises(NotConnected):
        open_channel("letter", {})
