"""What comes beside a book: names, addresses and the words of consents, sealed, and each with a reason where it cannot be used."""

import hashlib
from datetime import UTC, datetime

import polars as pl
import pytest

from tests.people import AT
from tideover.book.actions import record
from tideover.book.beside import NotBeside, take_beside, words_missing
from tideover.book.models import Address, ConsentText, Person

NOW = datetime.fromtimestamp(AT, UTC)
KINDS = {"sms": "phone", "email": "email", "letter": "post"}
CONSENT = {
    "person_id": "ana", "channel": "email", "purpose_class": "reminder", "granted_at": NOW, "shown_in": "paper"
}  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_people():
    record(
        "borrowers",
        [{"borrower_id": it, "timezone": "Europe/Riga"} for it in ("ana", "ben")],
        source="a",
        at=NOW,
    )
    points = [
        {
            "contact_point_id": f"{who}-{key}",
            "person_id": who,
            "channel": "sms",
            "address_id": key,
            "since": NOW,
        }
        for who, key in (("ana", "home"), ("ben", "home"), ("ben", "own"))
    ]
    record("contact_points", points, source="a", at=NOW)


def taken(folder, **files):
    for name, rows in files.items():
        pl.DataFrame(rows).write_parquet(folder / f"{name}.parquet")
    return take_beside(folder, address_kinds=KINDS, at=NOW)


def address(key, value, channel="sms", **more):
    return {"address_id": key, "channel": channel, "value": value, **more}


def reasons(done):
    return {because: rows for because, rows in done.set_aside.items() if rows}


def test_a_name_is_kept_sealed_and_changes_what_is_looked_at(tmp_path):
    done = taken(
        tmp_path, names=[{"person_id": "ana", "name": "Ana  Liepa"}, {"person_id": "who", "name": "X"}]
    )

    ana = Person.objects.get(pk="ana")
    assert (ana.name, ana.facts_version) == ("Ana Liepa", Person.objects.get(pk="ben").facts_version + 1)
    assert (done["names"].added, reasons(done["names"])) == (1, {"Nobody here has this key.": 1})


def test_the_same_file_twice_changes_nothing(tmp_path):
    record("consents", [{**CONSENT, "text_hash": sha("Drīkst rakstīt.")}], source="a", at=NOW)
    files = {
        "names": [{"person_id": "ana", "name": "Ana"}],
        "addresses": [address("home", "+371 20000000")],
        "consent_words": [{"language": "lv", "text": "Drīkst rakstīt."}],
    }
    assert {it.added for it in taken(tmp_path, **files).values()} == {1}
    versions = set(Person.objects.values_list("facts_version", flat=True))

    assert {it.added for it in taken(tmp_path, **files).values()} == {0}
    assert set(Person.objects.values_list("facts_version", flat=True)) == versions


def test_an_address_is_read_strictly_and_has_one_key(tmp_path):
    done = taken(
        tmp_path,
        addresses=[
            address("home", "20 000 000", country="LV"),
            address("own", "+37120000000", country=None),
            address("own", "not a phone", country=None),
            address("nobodys", "+37120000001", country=None),
            address("home", "a@example.org", channel="pigeon", country=None),
        ],
    )["addresses"]

    assert [it.value for it in Address.objects.all()] == ["+37120000000"]
    assert done.seen == 5
    assert reasons(done) == {
        "The address has another key here; one address has one key.": 1,
        "A phone number belongs here, with + and the country code.": 1,
        "No contact point leads to it.": 1,
        "There is no such channel.": 1,
    }


def test_one_number_written_in_two_ways_is_one_address(tmp_path):
    done = taken(tmp_path, addresses=[address("home", "+371 20000000"), address("home", "+37120000000")])

    assert Address.objects.get().value == "+37120000000"
    assert done["addresses"].added == 1


@pytest.mark.parametrize("name", ["ශ්\u200dරී", "علی\u200cرضا", "Nguyễn Văn Án", "অর্ঘ্য"])
def test_a_name_is_taken_as_its_script_writes_it(tmp_path, name):
    taken(tmp_path, names=[{"person_id": "ana", "name": name}])

    assert Person.objects.get(pk="ana").name == name


def test_words_that_no_database_keeps_are_set_aside(tmp_path):
    done = taken(
        tmp_path, consent_words=[{"language": "x" * 36, "text": "Yes"}, {"language": "en", "text": "a\0b"}]
    )

    assert reasons(done["consent_words"]) == {"There are no words, or no language.": 2}


def test_a_key_does_not_come_to_stand_for_another_address(tmp_path):
    taken(tmp_path, addresses=[address("home", "+37120000000")])

    done = taken(tmp_path, addresses=[address("home", "+37120000009")])["addresses"]

    assert Address.objects.get().value == "+37120000000"
    assert reasons(done) == {"Its key stands for another address.": 1}


def test_a_consent_that_names_words_can_be_proved_once_they_are_here(tmp_path):
    words = "You may write to me by e-mail."
    record("consents", [{**CONSENT, "text_hash": sha(words)}], source="a", at=NOW)
    assert words_missing() == 1

    taken(tmp_path, consent_words=[{"language": "en", "text": words}, {"language": "en", "text": " "}])

    assert words_missing() == 0
    assert ConsentText.objects.get(pk=sha(words)).text == words


def test_words_that_nobody_agreed_to_are_not_taken(tmp_path):
    done = taken(tmp_path, consent_words=[{"language": "en", "text": "Yes, I Ana Liepa agree."}])

    assert reasons(done["consent_words"]) == {"No consent names these words.": 1}
    assert not ConsentText.objects.exists()


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_file_without_its_columns_is_refused_with_their_names(tmp_path):
    with pytest.raises(NotBeside, match="value is missing"):
        taken(tmp_path, addresses=[{"address_id": "home", "channel": "sms"}])
