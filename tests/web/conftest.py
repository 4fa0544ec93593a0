"""What the stories of pages share: a clock set by hand, and a folder of their own."""

import pytest

from tests.web.scene import clock_at


@pytest.fixture(autouse=True)
def clock(settings, tmp_path):
    settings.DATA = tmp_path
    clock_at(settings, tmp_path)
