"""Texts that a network has registered: their ids are read once for each change of the lender's file."""

import os

import pytest

from tests.web.scene import a_message
from tideover.delivery.words import template_id

pytestmark = pytest.mark.django_db


def test_the_ids_are_read_once_and_again_when_the_file_was_changed(settings, tmp_path):
    settings.CONTENT = tmp_path
    file, message = tmp_path / "registered.yaml", a_message(channel="sms")
    assert template_id(message) == ""

    file.write_text("gentle_reminder/en: '1107'\n")
    assert template_id(message) == "1107"

    kept = file.stat()
    file.write_text("gentle_reminder/en: '2207'\n")
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert template_id(message) == "1107"  # the same file, as far as anybody can tell without reading it

    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns + 1))
    assert template_id(message) == "2207"
