"""Texts that a network has registered: an id goes only with its own words, and whoever cannot tell sends nothing."""

import os

import pytest

from tideover.delivery.registered import check_registered, id_for, registered
from tideover.engine.policy.content import ContentRefused

TWO = """
gentle_reminder/en:
  - {id: "1107", text: "{#var#}: your payment of {#var#} is due {#var#}. Pay: {#url#}"}
  - {id: "2207", text: "{#var#}: a payment of yours is coming (soon). To pay or to ask: {#cbn#}"}
"""


def written(folder, text):
    (folder / "registered.yaml").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("North: your payment of 120.00 is due on Friday. Pay: https://n.example/a?b=c", "1107"),
        ("North: a payment of yours is coming (soon). To pay or to ask: +371 20", "2207"),
        ("North: your payment of 120.00 is due on Friday. Pay: https://n.example\nReply STOP", "1107"),
        ("North: your payment of 120.00 is overdue. Pay: https://n.example", ""),
        ("a payment of yours is coming (soon). To pay or to ask: +371 20", ""),
        ("North: a payment of yours is coming soon. To pay or to ask: +371 20", ""),
        ("", ""),
    ],
)
def test_the_id_is_that_of_the_text_that_these_words_are(tmp_path, said, expected):
    assert id_for(said, registered("gentle_reminder", "en", written(tmp_path, TWO))) == expected


def test_no_text_takes_long_to_fit_none(tmp_path):
    """Tried piece by piece in every way, this one would take longer than anybody waits."""
    many = "a " + "{#var#}{#var#} {#var#} x " * 12 + "end"
    written(tmp_path, f"a/en: [{{id: '1', text: '{many}'}}]")

    assert id_for("a " + "b x " * 2_000, registered("a", "en", tmp_path)) == ""
    assert id_for("a " + "bc d x " * 12 + "end", registered("a", "en", tmp_path)) == "1"


def test_without_a_file_or_in_another_language_nothing_is_registered(tmp_path):
    assert not registered("gentle_reminder", "en", None)
    assert not registered("gentle_reminder", "en", tmp_path)
    assert not registered("gentle_reminder", "hi", written(tmp_path, TWO))


def test_the_file_is_read_once_and_again_when_it_was_changed(tmp_path):
    file = written(tmp_path, TWO) / "registered.yaml"
    kept = file.stat()
    assert len(registered("gentle_reminder", "en", tmp_path)) == 2

    file.write_text(TWO.replace("1107", "3307"))
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert (
        registered("gentle_reminder", "en", tmp_path)[0].id == "1107"
    )  # the same, as far as anybody can tell

    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns + 1))
    assert registered("gentle_reminder", "en", tmp_path)[0].id == "3307"


@pytest.mark.parametrize("wrong", ["gentle_reminder/en: '1107'\n", "a/en: [{id: x}]\n", "[1]\n", "a: [\n"])
def test_a_file_that_cannot_be_used_is_told_by_its_line_and_nothing_is_registered(tmp_path, wrong):
    written(tmp_path, wrong)

    assert check_registered(tmp_path)[0].line >= 1
    with pytest.raises(ContentRefused):
        registered("gentle_reminder", "en", tmp_path)
