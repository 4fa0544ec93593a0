"""The audit trail: rows are only added, and whatever was done to them behind our back is found."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.staff import NOW, member
from tideover.access import anchors
from tideover.access.actors import SYSTEM, Actor, staff_actor
from tideover.access.append_only import Unchangeable, protect, unprotect
from tideover.access.audit import Anchor, PersonalInAudit, head, note, verify
from tideover.access.models import AuditHead, AuditRow

pytestmark = pytest.mark.django_db
TABLE = "access_auditrow"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def some(count):
    return [
        note(action="looked", by=Actor("staff", str(it % 3)), at=NOW + timedelta(minutes=it), about=f"s{it}",
             detail={"page": it})
        for it in range(count)
    ]  # fmt: skip


def meddle(statement, *values):
    """What somebody does who owns the database: triggers away, change, triggers back."""
    unprotect(connection, TABLE)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    protect(connection, TABLE)


def test_rows_follow_one_another():
    first, second = some(2)

    assert (first.number, second.number) == (1, 2)
    assert second.previous_hash == first.hash
    assert verify().holds
    assert verify().rows == 2
    assert head() == Anchor(2, second.hash)


def test_an_empty_trail_holds():
    assert verify().holds
    assert verify(anchors=[Anchor(0, "")]).holds


def test_what_was_not_done_leaves_no_row():
    with transaction.atomic():
        some(1)
        transaction.set_rollback(True)

    assert verify().rows == 0


@pytest.mark.parametrize(
    "statement", [f"UPDATE {TABLE} SET action = 'other'", f"DELETE FROM {TABLE} WHERE number = 1"]
)
def test_the_database_refuses_to_change_or_remove_a_row(statement):
    some(2)

    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        connection.cursor().execute(statement)


def test_so_does_the_model():
    row = some(1)[0]

    with pytest.raises(Unchangeable):
        row.save()
    with pytest.raises(Unchangeable):
        row.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.all().delete()


EDITS = {
    "at": "2020-01-01 00:00:00", "actor_kind": "system", "actor_id": "9", "action": "never", "about": "other",
    "detail": '{"page": 77}', "previous_hash": "0" * 64, "hash": "0" * 64,
}  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_edited_removed_swapped_or_inserted_row_is_found(data):
    with transaction.atomic():
        rows = some(data.draw(st.integers(2, 9)))
        one, other = data.draw(
            st.lists(st.sampled_from([it.number for it in rows]), min_size=2, max_size=2, unique=True)
        )
        what = data.draw(st.sampled_from(["edit", "remove", "swap", "insert", "cut"]))
        match what:
            case "edit":
                column = data.draw(st.sampled_from(sorted(EDITS)))
                meddle(f"UPDATE {TABLE} SET {column} = %s WHERE number = %s", EDITS[column], one)
            case "remove":
                meddle(f"DELETE FROM {TABLE} WHERE number = %s", one)
            case "swap":
                meddle(f"UPDATE {TABLE} SET number = -number WHERE number IN (%s, %s)", one, other)
                meddle(f"UPDATE {TABLE} SET number = %s WHERE number = %s", other, -one)
                meddle(f"UPDATE {TABLE} SET number = %s WHERE number = %s", one, -other)
            case "insert":
                meddle(
                    f"INSERT INTO {TABLE} (number, at, actor_kind, actor_id, action, about, detail, previous_hash, hash) "
                    f"SELECT {len(rows) + 1}, at, actor_kind, actor_id, action, about, detail, previous_hash, hash "
                    f"FROM {TABLE} WHERE number = %s",
                    one,
                )
            case "cut":
                meddle(f"DELETE FROM {TABLE} WHERE number >= %s", one)

        found = verify()

        transaction.set_rollback(True)
    assert not found.holds
    if what in ("edit", "remove", "cut"):
        assert found.broken_at == one


def written_anew(rows_from):
    """The cleverest hand: cut the chain and write it again with our own code, head and all."""
    kept = list(AuditRow.objects.filter(number__gte=rows_from).order_by("number"))
    before = AuditRow.objects.filter(number=rows_from - 1).first()
    meddle(f"DELETE FROM {TABLE} WHERE number >= %s", rows_from)
    AuditHead.objects.update(number=rows_from - 1, hash=before.hash if before else "")
    for row in kept:
        note(action="innocent", by=SYSTEM, at=row.at)


def test_a_chain_written_anew_is_found_by_its_anchor():
    some(5)
    kept = anchors.anchor(at=NOW)

    written_anew(3)

    assert verify().holds
    assert verify(anchors=[kept]).broken_at == 5
    with pytest.raises(anchors.AnchorBroken):
        anchors.anchor(at=NOW + timedelta(days=1))


def test_a_tail_cut_off_with_its_head_is_found_by_its_anchor():
    rows = some(5)
    kept = anchors.anchor(at=NOW)

    meddle(f"DELETE FROM {TABLE} WHERE number > 3")
    AuditHead.objects.update(number=3, hash=rows[2].hash)

    assert verify().holds
    assert verify(anchors=[kept]).broken_at == 4


def test_an_anchor_lies_in_a_file_of_its_day_and_is_told_outside():
    some(2)
    told = []

    made = anchors.anchor(at=NOW, tell=told.append)

    path = anchors.folder() / "2026-11-25.json"
    assert json.loads(path.read_text()) == {"number": 2, "hash": made.hash, "at": NOW.isoformat()}
    assert told == [made]
    assert anchors.read() == anchors.read(path) == [made]


def test_a_part_can_be_verified():
    some(5)
    meddle(f"UPDATE {TABLE} SET about = 'other' WHERE number = 4")

    assert verify(upto=3).holds
    assert verify().broken_at == 4


@pytest.mark.parametrize(
    "detail",
    [
        {"name": "Asha Rahman"},
        {"to": "asha@example.org"},
        {"to": "+8801712345678"},
        {"of": ["Śāntā"]},
        {"share": 0.5},
    ],
)
def test_it_takes_no_words_and_no_addresses_of_people(detail):
    with pytest.raises(PersonalInAudit):
        note(action="looked", by=SYSTEM, at=NOW, detail=detail)

    assert verify().rows == 0


def test_staff_stand_in_it_by_number():
    agent = member("agent", "north")

    row = note(action="looked", by=staff_actor(agent), at=NOW)

    assert (row.actor_kind, row.actor_id) == ("staff", str(agent.pk))
