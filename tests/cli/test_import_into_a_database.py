"""tideover import into a database: the book, and beside it names, addresses and the words people agreed to."""

import socket
from datetime import timedelta

import pytest

from tests.engine.facts.mapping_given import LOANS, MAPPING
from tideover.access.clock import now
from tideover.book.models import FACTS, Address, ConsentText, Person
from tideover.strategy.leases import IMPORT, freed, leased

pytestmark = pytest.mark.django_db

PEOPLE = """who,name,phone,agreed,words,place
anna,Anna Berzina,+37120000000,2026-01-05,You may remind me by text message.,paper
bert,Bert Ozols,+37120000001,2026-01-05,You may remind me by text message.,call
"""
BESIDE = """
  contact_points:
    from: people
    columns:
      contact_point_id: who
      person_id: who
      channel: {value: sms}
      address_id: who
    versions: [{recorded_at: start_of(agreed), because: told that day}]
  consents:
    from: people
    columns:
      person_id: who
      channel: {value: sms}
      purpose_class: {value: reminder}
      granted_at: start_of(agreed)
      text_hash: sha256(words)
      shown_in: place
    versions: [{recorded_at: start_of(agreed), because: written down that day}]
beside:
  names: {from: people, columns: {person_id: who, name: name}}
  addresses: {from: people, columns: {address_id: who, channel: {value: sms}, value: phone}}
"""
WORDS = """
  consent_words: {from: people, columns: {language: {value: en}, text: words}}
"""
FILE = """
  people:
    names: [people.csv]
    parse: {who: text, name: text, phone: text, agreed: {as: day}, words: text, place: text}
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDEOVER_DATABASE_URL", "the test's own")
    (tmp_path / "lent.csv").write_text(LOANS)
    (tmp_path / "people.csv").write_text(PEOPLE)
    return tmp_path


def brought(tideover, place, beside):
    mapping = MAPPING.replace("\nframes:", f"{FILE}\nframes:") + beside
    (place / "own.yaml").write_text(mapping)
    return tideover(
        "import", place / "own.yaml", place / "lent.csv", place / "people.csv", "--out", "sqlite:///its.db"
    )


def test_names_numbers_and_the_words_of_consents_come_with_the_book(tideover, place):
    said = brought(tideover, place, BESIDE + WORDS)

    assert "names: 2 of 2 rows were new." in said.out, said
    assert {it.pk: it.name for it in Person.objects.all()} == {"anna": "Anna Berzina", "bert": "Bert Ozols"}
    assert Address.objects.get(pk="anna").value == "+37120000000"
    words = ConsentText.objects.get()
    consents = FACTS["consents"].objects.filter(text_hash=words.pk)
    assert dict(consents.values_list("person_id", "shown_in")) == {"anna": "paper", "bert": "call"}

    again = brought(tideover, place, BESIDE + WORDS)

    assert "0 of 12 rows were new to the database." in again.out
    assert "addresses: 0 of 2 rows were new." in again.out


def test_consents_whose_words_are_not_here_are_counted(tideover, place):
    said = brought(tideover, place, BESIDE)

    assert "2 consents name words that are not here, so nobody could prove them." in said.out


def test_while_somebody_is_erased_nothing_is_imported(tideover, place):
    leased(IMPORT, by="erasure:x", at=now(), lasts=timedelta(hours=1))

    refused = brought(tideover, place, BESIDE + WORDS)
    assert refused.code != 0
    assert "in a few minutes" in refused.err
    assert not Person.objects.exists()

    freed(IMPORT, by="erasure:x")
    assert brought(tideover, place, BESIDE + WORDS).code == 0
    assert Person.objects.count() == 2


def test_an_import_that_was_killed_is_run_again_at_once(tideover, place):
    leased(IMPORT, by=f"import:{socket.gethostname()}", at=now(), lasts=timedelta(hours=1))

    assert brought(tideover, place, BESIDE + WORDS).code == 0
    assert leased(IMPORT, by="erasure:x", at=now(), lasts=timedelta(hours=1))


def test_what_the_source_corrected_comes_in_and_an_older_file_is_said_to_say_otherwise(tideover, place):
    brought(tideover, place, BESIDE + WORDS)
    (place / "people.csv").write_text(PEOPLE.replace("paper", "portal"))

    corrected = brought(tideover, place, BESIDE + WORDS)
    (place / "people.csv").write_text(PEOPLE)
    older = brought(tideover, place, BESIDE + WORDS)

    assert "1 of " in corrected.out
    assert "say otherwise" not in corrected.out
    assert "say otherwise than what became known since, as an older file does: 1 of consents." in older.out
    her = FACTS["consents"].objects.filter(person_id="anna").order_by("recorded_at")
    assert [it.shown_in for it in her] == ["paper", "portal"]
