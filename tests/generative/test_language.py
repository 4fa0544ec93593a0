"""The closed little language means the same compiled into columns as read one row at a time, unknown values included."""

import narwhals as nw
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.language import condition
from tideover.engine.policy.expression import Name, Scope, Type, parse

COLUMNS = {
    "days": Type.NUMBER,
    "times": Type.NUMBER,
    "overdue": Type.MONEY,
    "left": Type.MONEY,
    "kind": Type.TEXT,
    "spotless": Type.YES_NO,
    "is_open": Type.YES_NO,
}
CONSTANTS = {"leeway": 5}
SCOPE = Scope({name: Name(name, type_) for name, type_ in COLUMNS.items()}, CONSTANTS, {})
CODES = ("card", "once")
VALUES = {
    Type.NUMBER: st.integers(-3, 8),
    Type.MONEY: st.integers(0, 3),
    Type.TEXT: st.sampled_from(CODES),
    Type.YES_NO: st.booleans(),
}
SCHEMA = {Type.NUMBER: pl.Int64, Type.MONEY: pl.Int64, Type.TEXT: pl.String, Type.YES_NO: pl.Boolean}

rows = st.lists(
    st.fixed_dictionaries({name: st.none() | VALUES[type_] for name, type_ in COLUMNS.items()}),
    min_size=1,
    max_size=12,
)


def _numbers():
    single = st.sampled_from(["days", "times", "leeway"]) | st.integers(-2, 9).map(str)
    return st.recursive(
        single,
        lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda it: f"({' '.join(it)})"),
        max_leaves=3,
    )


def _comparisons():
    signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    money = st.sampled_from(["overdue", "left"])
    return st.one_of(
        st.tuples(_numbers(), signs, _numbers()).map(" ".join),
        st.tuples(_numbers(), signs, _numbers(), signs, _numbers()).map(" ".join),
        st.tuples(money, signs, money | st.just("0")).map(" ".join),
        st.tuples(st.just("kind"), st.sampled_from(["==", "!="]), st.sampled_from(["'card'", "'once'"])).map(
            " ".join
        ),
        st.sampled_from(
            ["kind in ('card', 'once')", "kind not in ['card']", "days in (1, 2)", "days not in (1, 2)"]
        ),
        st.sampled_from([f"{name} is {word}None" for name in COLUMNS for word in ("", "not ")]),
        st.sampled_from(["spotless", "is_open", "True", "False"]),
    )


conditions = st.recursive(
    _comparisons(),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda it: f"({' '.join(it)})"),
        inner.map(lambda it: f"(not ({it}))"),
    ),
    max_leaves=6,
)


@settings(max_examples=200)
@given(conditions, rows)
def test_a_condition_means_the_same_for_a_column_and_for_a_row(text, facts):
    frame = pl.DataFrame(facts, schema={name: SCHEMA[type_] for name, type_ in COLUMNS.items()}).lazy()

    columns = nw.from_native(frame).with_columns(answer=parse(text, SCOPE).make())

    compiled = columns.to_native().collect()["answer"].to_list()

    read = condition(text, CONSTANTS)
    assert compiled == [read(lambda name, row=row: row[name]) for row in facts]
