"""A backup is put in place of the database: what left since is not sent again, and nothing leaves before two people agree."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, someone, together
from tests.recording import recorded
from tests.staff import member
from tideover.access.actors import SYSTEM
from tideover.access.roles import Role
from tideover.access.two_persons import SecondPersonNeeded
from tideover.book.models import FACTS, Person
from tideover.delivery.models import Message, Series
from tideover.delivery.privacy.again import erase_again
from tideover.delivery.privacy.erasing import erase_subject
from tideover.delivery.privacy.models import Erasure
from tideover.delivery.restored import append, entries, folder, look, numbered, thin
from tideover.strategy.lifting import agree_release, ask_release
from tideover.strategy.models import Stop
from tideover.strategy.stops import RESTORED, scopes_over, stopped

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DATA = tmp_path
    recorded(together(someone("asha"), someone("ben"), someone("chi")), at=NOW)


def waiting(person, number=1):
    return Message.objects.create(
        contact_id=f"{person}-{number}", person_id=person, purpose="reply" if number > 1 else "lesson", purpose_class="lesson",
        channel="email", code="ABCD2345",
        message_id=person, send_at=NOW, due_at=NOW, use_by=NOW + timedelta(days=2), local_day=1,
    )  # fmt: skip


def left(*messages):
    numbered(list(messages), at=NOW)
    for it in messages:
        Message.objects.filter(pk=it.pk).update(state="accepted", ended_at=AT)


def as_it_was(*messages):
    """The database as in a backup made before those messages left."""
    Message.objects.filter(pk__in=[it.pk for it in messages]).update(state="queued", ended_at=None)
    Series.objects.update(last=0)


def test_while_nobody_restores_anything_nothing_is_held():
    left(waiting("asha"))
    left(waiting("ben"))

    assert look(at=NOW) == 0
    assert stopped() == frozenset()


def test_what_left_since_the_backup_counts_as_sent_and_everything_waits():
    asha, ben = waiting("asha"), waiting("ben")
    left(asha)
    as_it_was(asha)

    assert look(at=NOW) == 1

    assert dict(Message.objects.values_list("person_id", "state")) == {"asha": "unknown", "ben": "queued"}
    assert FACTS["contacts"].objects.get(contact_id=asha.contact_id).state == "unknown"
    assert stopped() & scopes_over(channel="email", purpose="lesson", strategy_hash="")
    assert ben.state == "queued"


def test_what_the_backup_never_had_counts_as_sent_too():
    asha = waiting("asha")
    left(asha)
    as_it_was(asha)
    asha.delete()

    look(at=NOW)

    made = Message.objects.get()
    assert (made.person_id, made.purpose, made.state, made.because) == (
        "asha",
        "lesson",
        "unknown",
        "sent_before_restore",
    )
    assert FACTS["contacts"].objects.get().person_id == "asha"


@pytest.mark.parametrize("is_in_the_copy", [True, False])
def test_it_counts_from_when_it_left_and_not_from_when_the_backup_was_put_in_place(is_in_the_copy):
    asha = waiting("asha")
    left(asha)
    as_it_was(asha)
    if not is_in_the_copy:
        asha.delete()

    look(at=NOW + timedelta(hours=7))

    contact = FACTS["contacts"].objects.latest("recorded_at")
    assert (Message.objects.get().ended_at, contact.send_at) == (NOW, NOW)
    assert contact.recorded_at == NOW + timedelta(hours=7)


def test_what_took_the_place_of_a_message_that_was_kept_back_counts_as_sent_too():
    kept_back = waiting("asha")
    Message.objects.filter(pk=kept_back.pk).update(state="suppressed", contact_id="asha-before")
    in_its_place = waiting("asha")
    left(in_its_place)
    as_it_was(in_its_place)
    in_its_place.delete()

    assert look(at=NOW) == 1

    assert set(Message.objects.values_list("state", flat=True)) == {"suppressed", "unknown"}


def test_of_two_replies_of_one_day_the_one_that_left_counts_as_sent_and_the_other_still_leaves():
    first, second = waiting("asha"), waiting("asha", number=2)
    Message.objects.update(purpose="reply", purpose_class="answer")
    first.refresh_from_db()
    left(first)
    as_it_was(first)

    look(at=NOW)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("unknown", "queued")


def test_a_worker_that_runs_on_over_a_restored_database_notices_at_its_next_round():
    asha, ben = waiting("asha"), waiting("ben")
    left(asha)
    as_it_was(asha)

    numbered([ben], at=NOW)

    assert stopped() == {RESTORED}


def test_it_is_noticed_once_and_after_the_release_it_goes_on():
    asha = waiting("asha")
    left(asha)
    as_it_was(asha)
    look(at=NOW)
    Stop.objects.update(lifted_at=AT)

    left(waiting("ben"))

    assert (look(at=NOW), stopped()) == (0, frozenset())


def test_the_journals_of_all_machines_count():
    asha, ben = waiting("asha"), waiting("ben")
    left(asha)
    (file,) = folder().glob("*.jsonl")
    file.rename(file.with_name(file.name.replace("-", "-other-", 1)))
    left(ben)
    as_it_was(asha, ben)

    assert look(at=NOW) == 2


def test_another_database_with_the_same_data_folder_is_no_copy():
    left(waiting("asha"))
    Series.objects.all().delete()

    assert look(at=NOW) == 0


def test_a_line_that_was_cut_off_by_a_fall_hides_no_other():
    left(waiting("asha"))
    (file,) = folder().glob("*.jsonl")
    with file.open("ab") as it:
        it.write(b'{"number": 2, "at"')

    append(file, {"number": 3, "at": AT, "left": []})

    assert [it["number"] for it in entries(file)] == [1, 3]


def test_lines_older_than_any_backup_go():
    left(waiting("asha"))
    numbered([waiting("ben")], at=NOW + timedelta(days=40))
    (file,) = folder().glob("*.jsonl")

    thin(at=NOW + timedelta(days=41))

    assert [it["number"] for it in entries(file)] == [2]


def test_lines_of_a_machine_that_is_no_more_go_too_and_its_last_number_stays():
    left(waiting("asha"))
    (file,) = folder().glob("*.jsonl")
    gone = file.rename(file.with_name(f"{file.name.partition('-')[0]}-another.jsonl"))
    numbered([waiting("ben")], at=NOW + timedelta(days=40))

    thin(at=NOW + timedelta(days=41))

    assert [(it["number"], it["left"]) for it in entries(gone)] == [(1, [])]
    assert [it["number"] for it in entries(file)] == [2]


def test_the_journal_names_nobody():
    left(waiting("asha"))

    assert not any(b"asha" in it.read_bytes() for it in folder().iterdir())


def test_one_person_asks_and_another_agrees():
    asha = waiting("asha")
    left(asha)
    as_it_was(asha)
    look(at=NOW)
    lead, approver = member(Role.LEAD), member(Role.APPROVER)

    ask_release(scope=RESTORED, by=lead, at=NOW)
    with pytest.raises(SecondPersonNeeded):
        agree_release(scope=RESTORED, by=lead, at=NOW)
    assert stopped() == {RESTORED}

    agree_release(scope=RESTORED, by=approver, at=NOW)
    assert stopped() == frozenset()


def test_who_was_erased_after_the_backup_is_erased_again():
    erase_subject("asha", NOW, SYSTEM)
    Erasure.objects.all().delete()  # as in the backup, which knows nothing of it
    recorded(someone("asha"), at=NOW)

    assert erase_again(at=NOW).erased == 1

    assert not Person.objects.filter(pk="asha").exists()
    assert Erasure.objects.count() == 1
