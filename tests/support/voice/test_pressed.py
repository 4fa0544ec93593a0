"""Two presses at once are one."""

import pytest
from django.db import IntegrityError

from tests.recording import NOW
from tests.web.scene import a_case
from tideover.support.models import Case
from tideover.support.voice.pressed import once_only

pytestmark = pytest.mark.django_db


def test_whoever_comes_second_finds_what_the_first_made_and_leaves_nothing_beside_it():
    tries = []

    @once_only
    def press():
        if known := Case.objects.filter(from_row="the-same").first():
            return known
        tries.append(1)
        a_case(number=len(tries))
        a_case(from_row="the-same")
        # The other press was quicker, and is seen only now.
        raise IntegrityError

    with pytest.raises(IntegrityError):
        press()
    assert Case.objects.count() == 0

    a_case(from_row="the-same", due_on=NOW.date())
    assert press().from_row == "the-same"
    assert len(tries) == 2
