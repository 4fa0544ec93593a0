"""A request made twice happens once, however it is repeated."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser

from tests.people import late
from tests.recording import recorded
from tests.web.api import System, system
from tideover.access.clock import now
from tideover.book.models import FACTS
from tideover.web.api import door, people
from tideover.web.api.models import Client, Kept

HOLD = {"kind": "hardship"}


def _ago(seconds):
    return int(now().timestamp()) - seconds


@pytest.mark.django_db
class TestOnce:
    @pytest.fixture
    def bank(self, client):
        recorded(late("asha"))
        return system(client, "north")

    def hold(self, bank, key="k-1", told=HOLD):
        return bank.post("people/asha/holds", told, **{"Idempotency-Key": key})

    def test_the_same_answer_byte_for_byte_and_one_effect(self, bank):
        first, again = self.hold(bank), self.hold(bank)

        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert again.headers["Idempotency-Hit"] == "true"
        assert FACTS["holds"].objects.count() == 1

    def test_another_body_under_the_same_key_is_refused(self, bank):
        self.hold(bank)

        assert self.hold(bank, told={"kind": "dispute"}).json()["code"] == "key_used"

    def test_a_request_that_did_nothing_does_not_use_its_key_up(self, bank):
        assert self.hold(bank, told={"kind": "no such kind"}).status_code == 422
        assert self.hold(bank).status_code == 201

    def test_what_another_request_works_on_waits(self, bank):
        self.hold(bank)
        Kept.objects.update(status=None)

        assert self.hold(bank).json()["code"] == "in_flight"

    def test_work_that_died_is_taken_up_again(self, bank):
        self.hold(bank)
        FACTS["holds"].objects.all().delete()
        Kept.objects.update(status=None, begun_at=_ago(600))

        assert self.hold(bank).status_code == 201
        assert FACTS["holds"].objects.count() == 1

    def test_after_three_days_a_key_is_free_again(self, bank):
        self.hold(bank)
        Kept.objects.update(begun_at=_ago(73 * 3600))

        assert self.hold(bank, told={"kind": "dispute"}).status_code == 201

    def test_keys_belong_to_their_client(self, bank, client):
        self.hold(bank)
        other = system(client, "north", name="other")

        assert self.hold(other, told={"kind": "dispute"}).status_code == 201

    @pytest.mark.parametrize("key", ["", "a" * 256, "two words", "ключ"])
    def test_a_key_that_is_none_is_said_so(self, bank, key):
        assert self.hold(bank, key=key).status_code == 400

    def test_nothing_personal_is_kept_with_an_answer(self, bank):
        bank.post("people/asha/name", {"name": "Asha Rao"}, **{"Idempotency-Key": "n"})

        assert b"Asha" not in bytes(Kept.objects.get().body)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_has_the_effect():
    recorded(late("asha"))
    bank = system(Browser(), "north")
    begin, answers = threading.Barrier(8), []

    def ask():
        mine = System(Browser(), bank.key)
        begin.wait()
        answers.append(mine.post("people/asha/holds", HOLD, **{"Idempotency-Key": "k"}))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()

    assert {it.status_code for it in answers} <= {201, 409}
    assert len({it.content for it in answers if it.status_code == 201}) == 1
    assert FACTS["holds"].objects.count() == 1
    assert Client.objects.get().used == 8


@pytest.mark.django_db(transaction=True)
def test_whoever_was_taken_over_meanwhile_does_nothing(monkeypatch):
    """A request hangs for three minutes, comes again, is done, and then the first one wakes."""
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite nobody else writes while a request is worked on")
    recorded(late("asha"))
    bank = system(Browser(), "north")
    is_inside, wakes, answers, really = threading.Event(), threading.Event(), [], people.record

    def hangs(*told, **how):
        monkeypatch.setattr(people, "record", really)
        monkeypatch.setattr(door, "now", lambda: now() + timedelta(minutes=3))
        is_inside.set()
        assert wakes.wait(30)
        return really(*told, **how)

    def ask():
        answers.append(
            System(Browser(), bank.key)
            .post("people/asha/holds", HOLD, **{"Idempotency-Key": "k"})
            .status_code
        )
        connection.close()

    monkeypatch.setattr(people, "record", hangs)
    first = threading.Thread(target=ask)
    first.start()
    assert is_inside.wait(30)
    ask()
    wakes.set()
    first.join()

    assert answers == [201, 409]
    assert FACTS["holds"].objects.count() == 1
    again = bank.post("people/asha/holds", HOLD, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.headers["Idempotency-Hit"]) == (201, "true")


@pytest.mark.django_db
def test_a_database_that_is_busy_asks_for_time_and_nothing_was_done(client, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("database is locked")

    recorded(late("asha"))
    bank = system(client, "north")
    with monkeypatch.context() as busy:
        busy.setattr("tideover.web.api.people.record", locked)
        answer = bank.post("people/asha/holds", HOLD, **{"Idempotency-Key": "k"})

    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (
        503,
        "database_busy",
        "5",
    )
    assert bank.post("people/asha/holds", HOLD, **{"Idempotency-Key": "k"}).status_code == 201
