"""The command line erases nobody on one person's word."""

import pytest

from tests.people import late
from tests.recording import recorded
from tests.staff import NOW, member
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tideover.access.two_persons import approve
from tideover.book.models import Person
from tideover.delivery.privacy.agreeing import ask_to_erase

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_operator_is_told_to_ask_and_carries_out_what_two_agreed_on(tideover):
    recorded(late("mary"))

    refused = tideover("erase-subject", "mary")
    assert refused.code != 0
    assert "/desk/people/mary/erase" in refused.err
    assert Person.objects.filter(pk="mary").exists()

    wish = ask_to_erase(person_id="mary", why="she_asked", by=member("compliance", "north"), at=NOW)
    assert "nobody else has agreed" in tideover("erase-subject", "mary").err
    approve(request=wish, by=member("approver"), at=NOW)
    done = tideover("erase-subject", "mary")

    assert (done.code, Person.objects.filter(pk="mary").exists()) == (0, False)
    assert "rows were removed" in done.out
    assert "Not reached: backups" in done.out
