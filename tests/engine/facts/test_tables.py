"""The facts contract says of every column what it means, who writes it, and what its absence costs."""

import re

import pytest

from tideover.engine.facts import ONE_OF, TABLES, Column, Kind, Table

COLUMNS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES.values()
    for column in table.every
]
EVERY_TABLE = [pytest.param(table, id=table.name) for table in TABLES.values()]
APPS = {"import", "access", "book", "strategy", "delivery", "repayment", "lessons", "support", "web"}


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_column_has_a_meaning_and_a_producer(table: Table, column: Column) -> None:
    producer = column.producer.removeprefix("planned: ")

    assert len(column.meaning) > 3
    assert producer in APPS


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_the_end_of_a_name_tells_a_day_from_a_moment(table: Table, column: Column) -> None:
    if column.name.endswith("_on"):
        assert column.kind is Kind.DAY
    if column.name.endswith("_at"):
        assert column.kind is Kind.MOMENT


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_days_moments_and_money_say_in_what_they_count(table: Table, column: Column) -> None:
    if column.kind in {Kind.DAY, Kind.MOMENT, Kind.MONEY, Kind.RATE}:
        assert column.unit


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_a_key_is_made_of_columns_that_are_always_there(table: Table) -> None:
    keys = [table.column(name) for name in table.key]

    assert keys
    assert all(column.required for column in keys)


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_no_table_goes_missing_without_a_word_on_what_it_costs(table: Table) -> None:
    assert re.match(r"[a-z].{15,}[^.]$", table.cost_if_missing)


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_what_a_table_says_of_its_columns_names_columns_it_has(table: Table) -> None:
    named = {
        table.person,
        *table.greater_first,
        *table.steady,
        *(name for pair in table.in_order for name in pair),
    }
    told_by = {column.told_by for column in table.columns}

    assert (named | told_by) - {""} <= set(table.names)
    assert all(table.column(name).ends for name in told_by - {""})


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_a_key_of_another_table_points_to_a_table_with_one_key(table: Table) -> None:
    for column in table.columns:
        if column.names_row_of:
            assert len(TABLES[column.names_row_of].key) == 1


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_only_days_and_moments_can_end_something(table: Table, column: Column) -> None:
    if column.ends:
        assert column.kind in {Kind.DAY, Kind.MOMENT}
        assert column.name not in table.key


def test_a_book_needs_people_loans_and_either_a_schedule_or_a_standing() -> None:
    required = {table.name for table in TABLES.values() if table.required}

    assert required == {"borrowers", "loans"}
    assert ONE_OF == (("instalments", "standings"),)


def test_protected_attributes_stand_apart_from_everything_else() -> None:
    everywhere = {column.name for table in TABLES.values() for column in table.columns}

    assert not everywhere & {"sex", "gender", "religion", "ethnicity", "birth_date", "born_on", "age"}
    assert TABLES["protected"].key == ("person_id", "name")
