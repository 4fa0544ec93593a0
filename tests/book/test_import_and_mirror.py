"""A book of files becomes rows, and rows become a book again: the same book."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from tests.people import AT
from tideover.book.actions import record
from tideover.book.importing import import_book
from tideover.book.mirror import mirrored
from tideover.book.models import FACTS, Person
from tideover.book.newest import newest_one
from tideover.engine.facts import TABLES, open_book
from tideover.engine.facts.made_up import make_book
from tideover.engine.facts.tables._shape import Kind
from tideover.support.voice.languages import read_in

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return open_book(make_book(60, 3, tmp_path_factory.mktemp("made") / "book", history=False))


def rows_of(book, table):
    return book.frame(table).to_native().collect().select(TABLES[table].names).sort(TABLES[table].key)


def test_every_row_of_a_book_is_kept(book):
    done = import_book(book, source="files", at=NOW)

    assert done.added == done.seen
    assert {name: FACTS[name].objects.count() for name in book.shelf.names} == done.seen
    assert Person.objects.count() == done.seen["borrowers"]


def test_the_same_file_twice_changes_nothing(book):
    import_book(book, source="files", at=NOW)

    again = import_book(book, source="files", at=NOW + timedelta(days=1))

    assert set(again.added.values()) == {0}


def test_whoever_an_import_tells_something_new_about_is_looked_at_again_before_anything_leaves(
    book, tmp_path
):
    import_book(book, source="files", at=NOW)
    paid = rows_of(book, "instalments").filter(pl.col("paid") < pl.col("principal")).head(1)
    (loan,) = rows_of(book, "loans").join(paid, on="loan_id", how="semi").iter_rows(named=True)
    held = rows_of(book, "holds").head(1).with_columns(hold_id=pl.lit("new"))
    later = told_by_files(
        book,
        tmp_path,
        instalments=paid.with_columns(pl.col("recorded_at") + 60, paid="principal"),
        holds=held,
    )

    done = import_book(later, source="files", at=NOW + timedelta(days=1))

    assert (done.added["instalments"], done.added["holds"]) == (1, 1), done.set_aside
    about = {loan["borrower_id"], held["person_id"].item()}
    about |= set(rows_of(book, "parties").filter(loan_id=loan["loan_id"])["person_id"])
    assert set(Person.objects.filter(facts_version__gt=0).values_list("pk", flat=True)) == about


@pytest.fixture
def corrected(book, tmp_path):
    """The book as its source tells it the next day: one person's language and branch were mended, no date says when."""
    folder = tmp_path / "corrected"
    folder.mkdir()
    told = rows_of(book, "borrowers")
    hers = pl.col("borrower_id") == told["borrower_id"][0]
    mended = {name: pl.when(hers).then(pl.lit(to)).otherwise(name).alias(name) for name, to in MENDED.items()}
    return told_by_files(
        book, folder, borrowers=told.with_columns(**mended), instalments=rows_of(book, "instalments")
    )


MENDED = {"language": "cy", "branch": "mended"}


def said_of(person):
    last = FACTS["borrowers"].objects.filter(borrower_id=person).latest("recorded_at", "id")
    return {"language": last.language, "branch": last.branch}


def test_what_a_source_corrected_is_kept_though_its_moment_is_that_of_the_earlier_version(book, corrected):
    person = rows_of(book, "borrowers")["borrower_id"][0]
    import_book(book, source="files", at=NOW)

    done = import_book(corrected, source="files", at=NOW + timedelta(days=1))

    assert (done.added["borrowers"], done.set_aside) == (1, {})
    assert said_of(person) == MENDED
    assert FACTS["borrowers"].objects.filter(borrower_id=person).latest("id").recorded_at == NOW + timedelta(
        days=1
    )
    assert Person.objects.get(pk=person).branch == "mended"
    assert Person.objects.get(pk=person).facts_version == 1


def test_a_corrected_file_twice_changes_nothing_and_an_older_one_brings_nothing_back(book, corrected):
    person = rows_of(book, "borrowers")["borrower_id"][0]
    import_book(book, source="files", at=NOW)
    import_book(corrected, source="files", at=NOW + timedelta(days=1))

    again = import_book(corrected, source="files", at=NOW + timedelta(days=2))
    older = import_book(book, source="files", at=NOW + timedelta(days=3))

    assert (set(again.added.values()), again.set_aside) == ({0}, {})
    assert (set(older.added.values()), older.set_aside) == ({0}, {"borrowers": {"told_differently": 1}})
    assert said_of(person) == MENDED
    assert Person.objects.get(pk=person).branch == "mended"


def test_whoever_moved_to_another_branch_stays_there_when_an_older_file_comes(book):
    import_book(book, source="files", at=NOW)
    her = FACTS["borrowers"].objects.first()
    row = {it.name: getattr(her, it.name) for it in her.table.columns}
    record("borrowers", [{**row, "branch": "moved-to"}], source="api:1", at=NOW + timedelta(days=1))

    import_book(book, source="files", at=NOW + timedelta(days=2))

    assert Person.objects.get(pk=her.borrower_id).branch == "moved-to"


def test_a_correction_does_not_take_back_an_end_that_somebody_else_told(book, tmp_path):
    import_book(book, source="files", at=NOW)
    consent = FACTS["consents"].objects.filter(withdrawn_at=None).first()
    row = {it.name: getattr(consent, it.name) for it in consent.table.columns}
    record("consents", [{**row, "withdrawn_at": NOW}], source="person", at=NOW + timedelta(hours=1))
    key = {name: row[name] for name in consent.table.key}
    told = rows_of(book, "consents").filter(**key).with_columns(shown_in=pl.lit("counter"))
    later = told_by_files(book, tmp_path, consents=told, instalments=rows_of(book, "instalments"))

    done = import_book(later, source="files", at=NOW + timedelta(days=1))

    assert (done.added["consents"], done.set_aside) == (0, {"consents": {"told_differently": 1}})
    assert FACTS["consents"].objects.filter(**key).latest("recorded_at").withdrawn_at == NOW


def told_by_files(book, place, **rows):
    """The people and loans of a book with these rows, as a source tells them the next day."""
    for table in ("borrowers", "loans", "parties", *rows):
        told = rows.setdefault(table, rows_of(book, table))
        kinds = {it.name: it.kind for it in TABLES[table].every}
        days = [pl.col(name).cast(pl.Int32).cast(pl.Date) for name in told.columns if kinds[name] is Kind.DAY]
        moments = [
            pl.from_epoch(name).dt.replace_time_zone("UTC")
            for name in told.columns
            if kinds[name] is Kind.MOMENT
        ]
        told.with_columns(days + moments).write_parquet(place / f"{table}.parquet")
    return open_book(place)


def test_the_mirror_is_the_book_that_was_imported(book, tmp_path):
    import_book(book, source="files", at=NOW)

    mirror = mirrored(tmp_path / "mirror", at=NOW)

    for table in book.shelf.names:
        assert rows_of(mirror, table).equals(rows_of(book, table)), table


def test_the_mirror_follows_what_is_recorded_later(book, tmp_path):
    import_book(book, source="files", at=NOW)
    mirrored(tmp_path / "mirror", at=NOW)
    person = Person.objects.first().person_id
    record(
        "holds",
        [{"hold_id": "new", "person_id": person, "kind": "hardship", "from_at": NOW}],
        source="a",
        at=NOW,
    )

    mirror = mirrored(tmp_path / "mirror", at=NOW + timedelta(hours=1))

    holds = rows_of(mirror, "holds").filter(pl.col("hold_id") == "new")
    assert holds["person_id"].to_list() == [person]
    assert len(list((tmp_path / "mirror" / "holds").glob("*.parquet"))) == 2


def test_whatever_leads_to_somebody_who_is_out_stays_outside_and_is_counted(book):
    loan = rows_of(book, "instalments")["loan_id"][0]
    somebody = rows_of(book, "loans").filter(loan_id=loan)["borrower_id"].item()
    hers = rows_of(book, "loans").filter(borrower_id=somebody)["loan_id"].to_list()

    done = import_book(book, source="files", at=NOW, who_is_out=lambda keys: {somebody} & set(keys))

    assert not Person.objects.filter(pk=somebody).exists()
    assert not FACTS["instalments"].objects.filter(loan_id__in=hers).exists()
    assert not FACTS["contacts"].objects.filter(person_id=somebody).exists()
    aside = {name: reasons["erased"] for name, reasons in done.set_aside.items()}
    assert aside["borrowers"] == 1
    assert aside["instalments"] > 0
    assert {name: done.added[name] + aside.get(name, 0) for name in done.seen} == done.seen


@pytest.mark.parametrize("is_dated_anew", [True, False])
def test_an_address_that_is_somebody_elses_stays_so_whatever_a_file_says(book, tmp_path, is_dated_anew):
    import_book(book, source="files", at=NOW)
    mails = FACTS["contact_points"].objects.filter(state="ok", channel="email", address_id__isnull=False)
    wrong, proved, other = mails.order_by("person_id")[:3]
    for it in (wrong, proved):
        row = {column.name: getattr(it, column.name) for column in it.table.columns}
        record("contact_points", [{**row, "state": "wrong_person"}], source="person", at=NOW)
    after = int(NOW.timestamp()) + 60
    told = rows_of(book, "contact_points").with_columns(in_contract=pl.lit(True))
    if is_dated_anew:
        told = told.with_columns(recorded_at=pl.lit(after))
    is_proved = pl.col("contact_point_id") == proved.contact_point_id
    told = told.with_columns(verified_at=pl.when(is_proved).then(after - 30).otherwise("verified_at"))

    later = told_by_files(book, tmp_path, contact_points=told, instalments=rows_of(book, "instalments"))
    import_book(later, source="files", at=NOW + timedelta(days=1))

    states = {
        it: FACTS["contact_points"]
        .objects.filter(contact_point_id=it.contact_point_id)
        .latest("recorded_at")
        .state
        for it in (wrong, proved, other)
    }
    # Of what is dated as before nothing is new, and so nothing is proved.
    assert states == {wrong: "wrong_person", proved: "ok" if is_dated_anew else states[proved], other: "ok"}


@pytest.mark.parametrize("in_words_of", ["person", "answer-7"])
def test_what_she_said_here_is_not_undone_by_an_older_word_in_a_file(in_words_of, book, tmp_path):
    import_book(book, source="files", at=NOW)
    taken_back, allowed_anew, untouched = (
        rows_of(book, "consents")
        .filter(pl.col("withdrawn_at").is_null(), pl.col("granted_at").is_not_null())["person_id"]
        .unique(maintain_order=True)[:3]
    )
    hers = {
        it: FACTS["consents"].objects.filter(person_id=it, withdrawn_at=None).last()
        for it in (taken_back, allowed_anew)
    }
    for it in hers.values():
        row = {column.name: getattr(it, column.name) for column in it.table.columns}
        record("consents", [{**row, "withdrawn_at": NOW}], source=in_words_of, at=NOW)
        wish = {"person_id": it.person_id, "name": "no_calls", "value": "yes", "set_at": NOW}
        record("preferences", [wish], source="person", at=NOW)
    after = int(NOW.timestamp()) + 60
    is_new = pl.col("person_id") == allowed_anew
    consents = rows_of(book, "consents").with_columns(
        recorded_at=pl.lit(after), granted_at=pl.when(is_new).then(after - 30).otherwise("granted_at"),
        withdrawn_at=pl.when(is_new).then(None).otherwise("withdrawn_at"),
    )  # fmt: skip
    wishes = pl.DataFrame(
        {
            "person_id": [taken_back, allowed_anew, untouched], "name": ["no_calls"] * 3, "value": ["no"] * 3,
            "set_at": [after - 86_400, after - 30, None], "recorded_at": [after] * 3,
        },
        schema_overrides={"set_at": pl.Int64},
    )  # fmt: skip

    # One that was taken back long ago and given again is no stop of today either.
    given_again = pl.col("person_id") == taken_back
    consents = consents.with_columns(
        granted_at=pl.when(given_again).then(after - 86_400 * 30).otherwise("granted_at"),
        withdrawn_at=pl.when(given_again).then(after - 86_400 * 60).otherwise("withdrawn_at"),
    )

    told = {"consents": consents, "preferences": wishes, "instalments": rows_of(book, "instalments")}
    done = import_book(told_by_files(book, tmp_path, **told), source="files", at=NOW + timedelta(days=1))

    assert {name: done.set_aside[name] for name in ("consents", "preferences")} == {
        name: {"told_differently": 1} for name in ("consents", "preferences")
    }

    def stands(table, person, **of):
        return FACTS[table].objects.filter(person_id=person, **of).latest("recorded_at", "id")

    def about(person):
        return {"channel": hers[person].channel, "purpose_class": hers[person].purpose_class}

    assert stands("consents", taken_back, **about(taken_back)).withdrawn_at == NOW
    assert stands("consents", allowed_anew, **about(allowed_anew)).withdrawn_at is None
    values = [
        stands("preferences", it, name="no_calls").value for it in (taken_back, allowed_anew, untouched)
    ]
    assert values == ["yes", "no", "no"]


def test_a_consent_that_a_file_dates_in_the_future_is_none_and_undoes_no_stop(book, tmp_path):
    import_book(book, source="files", at=NOW)
    given = FACTS["consents"].objects.filter(withdrawn_at=None, granted_at__isnull=False).last()
    record("consents", [{**given.as_row, "withdrawn_at": NOW}], source="person", at=NOW)
    after = int(NOW.timestamp()) + 60
    key = {name: getattr(given, name) for name in given.table.key}
    told = rows_of(book, "consents").filter(**key).with_columns(
        recorded_at=pl.lit(after), granted_at=pl.lit(after + 86_400 * 3), withdrawn_at=pl.lit(None, pl.Int64)
    )  # fmt: skip
    other = told.with_columns(channel=pl.lit("visit"))

    rows = {"consents": pl.concat([told, other]), "instalments": rows_of(book, "instalments")}
    for days in (1, 9):
        import_book(
            told_by_files(book, tmp_path, **dict(rows)), source="files", at=NOW + timedelta(days=days)
        )

    assert newest_one("consents", **key).withdrawn_at == NOW
    assert newest_one("consents", **{**key, "channel": "visit"}).granted_at is None


def test_the_language_she_chose_here_stands_whatever_a_file_says(book, tmp_path):
    import_book(book, source="files", at=NOW)
    her, other = Person.objects.order_by("pk")[:2]
    read_in(person_id=her.pk, language="fa", at=NOW)
    after = int(NOW.timestamp()) + 60
    people = rows_of(book, "borrowers").with_columns(recorded_at=pl.lit(after), team=pl.lit("new"))

    told = {"borrowers": people, "instalments": rows_of(book, "instalments")}
    import_book(told_by_files(book, tmp_path, **told), source="files", at=NOW + timedelta(days=1))

    told_last = {it.pk: newest_one("borrowers", borrower_id=it.pk) for it in (her, other)}
    assert (told_last[her.pk].language, told_last[her.pk].team) == ("fa", "new")
    assert told_last[other.pk].language == newest_one("borrowers", borrower_id=other.pk, at=NOW).language
