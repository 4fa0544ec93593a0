"""The closed little formula language of mappings: columns, values, comparisons, a few functions. Compiled to Polars.

Every value has a kind, so that a day cannot be added to an amount, or a text stored as money, without a word.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from tideover.engine.facts.tables import Kind
from tideover.kit.nearest import did_you_mean

from ._model import Expression
from ._values import Value, literal, unified

_DEEPEST = 40


class NotAFormula(ValueError):
    """The formula cannot be used; the message says why."""


@dataclass(frozen=True)
class Scope:
    """What a formula may name: the columns of a frame, the constants of the mapping, and the functions."""

    kinds: Mapping[str, Kind | None]
    constants: Mapping[str, Value]
    functions: Mapping[str, Callable[..., Value]]

    def named(self, name: str) -> Value:
        """The column or constant of that name."""
        if name in self.kinds:
            return Value(pl.col(name), self.kinds[name])
        if name in self.constants:
            return self.constants[name]
        known = [*self.kinds, *self.constants]
        shown = ", ".join(known[:40])
        raise NotAFormula(f"There is no column {name!r} here.{did_you_mean(name, known)} Columns: {shown}.")


def parsed(text: str) -> ast.expr:
    """The formula as a tree of known nodes. NotAFormula when it is no formula, or too deep."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotAFormula(
            f"{text!r} is not a formula; a text that is meant literally is {{value: ...}}."
        ) from error
    _shallow(tree, _DEEPEST)
    return tree


def check_grammar(text: str, known_functions: Iterable[str]) -> None:
    """Refuse what no formula may say, whatever columns there are. NotAFormula says what."""
    known = [*known_functions]
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Call):
            _check_function(ast.unparse(node.func), known)
        elif isinstance(node, ast.expr) and type(node) not in {*_NODES, ast.List, ast.Tuple}:
            raise NotAFormula(f"{ast.unparse(node)!r} is more than a formula may say.")


def _check_function(name: str, known: list[str]) -> None:
    if name not in known:
        listed = ", ".join(sorted(known))
        raise NotAFormula(f"There is no function {name!r}.{did_you_mean(name, known)} Functions: {listed}.")


def compiled(said: Expression, scope: Scope) -> Value:
    """What the formula, or the plain value, is worth for each row. NotAFormula when it cannot be."""
    if not isinstance(said, str):
        return literal(said)
    try:
        return _value(parsed(said), scope)
    except NotAFormula as error:
        raise NotAFormula(f"{said!r}: {error}" if said not in str(error) else str(error)) from error


def _shallow(node: ast.AST, left: int) -> None:
    if left == 0:
        raise NotAFormula("This formula is nested too deeply; use a `set` step for its parts.")
    for child in ast.iter_child_nodes(node):
        _shallow(child, left - 1)


def _value(node: ast.expr, scope: Scope) -> Value:
    handler = _NODES.get(type(node))
    if handler is None:
        raise NotAFormula(f"{ast.unparse(node)!r} is more than a formula may say.")
    return handler(node, scope)


def _constant(node: ast.Constant, scope: Scope) -> Value:  # noqa: ARG001
    if isinstance(node.value, bool | int | str) or node.value is None:
        return literal(node.value)
    raise NotAFormula(
        f"{node.value!r}: only texts, whole numbers, True, False and None can stand in a formula."
    )


def _name(node: ast.Name, scope: Scope) -> Value:
    return scope.named(node.id)


def _call(node: ast.Call, scope: Scope) -> Value:
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    _check_function(name, [*scope.functions])
    function = scope.functions[name]
    if node.keywords:
        raise NotAFormula(f"{name} takes its values in order, without names.")
    try:
        return function(*(_value(one, scope) for one in node.args))
    except TypeError as error:
        raise NotAFormula(f"{name} was given {len(node.args)} values, which does not fit.") from error


def _arithmetic(node: ast.BinOp, scope: Scope) -> Value:
    left, right = _value(node.left, scope), _value(node.right, scope)
    if left.kind is None or right.kind is None:
        return literal(None)
    kind = _KINDS_OF_SUMS.get((type(node.op), left.kind, right.kind))
    if kind is None:
        raise NotAFormula(
            f"{ast.unparse(node)}: {left.said} and {right.said} cannot be put together like this."
        )
    return Value(_computed(node.op, left, right), kind)


def _computed(operator: ast.operator, left: Value, right: Value) -> pl.Expr:
    if left.kind is Kind.DAY and right.kind is Kind.COUNT:
        days = pl.duration(days=right.expr)
        return left.expr + days if isinstance(operator, ast.Add) else left.expr - days
    if left.kind is Kind.DAY:
        return (left.expr - right.expr).dt.total_days()
    combine: dict[type[ast.operator], Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
        ast.Add: lambda a, b: a + b,
        ast.Sub: lambda a, b: a - b,
        ast.Mult: lambda a, b: a * b,
        ast.FloorDiv: lambda a, b: pl.when(b != 0).then(a // b),
        ast.Mod: lambda a, b: pl.when(b != 0).then(a % b),
    }
    return combine[type(operator)](left.expr, right.expr)


def _negative(node: ast.UnaryOp, scope: Scope) -> Value:
    value = _value(node.operand, scope)
    if isinstance(node.op, ast.Not):
        return Value(~_flag(value, node), Kind.FLAG)
    if isinstance(node.op, ast.USub) and value.kind in {Kind.COUNT, Kind.MONEY, Kind.RATE}:
        return Value(-value.expr, value.kind)
    raise NotAFormula(f"{ast.unparse(node)!r} is more than a formula may say.")


def _all_or_any(node: ast.BoolOp, scope: Scope) -> Value:
    flags = [_flag(_value(one, scope), one) for one in node.values]
    together = pl.all_horizontal(flags) if isinstance(node.op, ast.And) else pl.any_horizontal(flags)
    return Value(together, Kind.FLAG)


def _compare(node: ast.Compare, scope: Scope) -> Value:
    values = [node.left, *node.comparators]
    flags = [_pair(values[i], operator, values[i + 1], scope) for i, operator in enumerate(node.ops)]
    return Value(pl.all_horizontal(flags), Kind.FLAG)


def _pair(left: ast.expr, operator: ast.cmpop, right: ast.expr, scope: Scope) -> pl.Expr:
    value = _value(left, scope)
    if isinstance(operator, ast.In | ast.NotIn):
        found = _among(value, right, scope)
        return found if isinstance(operator, ast.In) else ~found
    if isinstance(operator, ast.Is | ast.IsNot):
        if not (isinstance(right, ast.Constant) and right.value is None):
            raise NotAFormula("`is` is for None alone; compare values with `==`.")
        return value.expr.is_null() if isinstance(operator, ast.Is) else value.expr.is_not_null()
    return _compared(value, operator, _value(right, scope), f"{ast.unparse(left)} and {ast.unparse(right)}")


def _compared(left: Value, operator: ast.cmpop, right: Value, said: str) -> pl.Expr:
    if unified([left, right]) is None and left.kind != right.kind:
        raise NotAFormula(f"{said} cannot be compared: {left.said} and {right.said}.")
    compare: dict[type[ast.cmpop], Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
        ast.Eq: lambda a, b: a == b,
        ast.NotEq: lambda a, b: a != b,
        ast.Lt: lambda a, b: a < b,
        ast.LtE: lambda a, b: a <= b,
        ast.Gt: lambda a, b: a > b,
        ast.GtE: lambda a, b: a >= b,
    }
    return compare[type(operator)](left.expr, right.expr)


def _among(value: Value, listed: ast.expr, scope: Scope) -> pl.Expr:
    if not isinstance(listed, ast.List | ast.Tuple) or not listed.elts:
        raise NotAFormula("After `in` comes a list: status in ['A', 'B'].")
    return pl.any_horizontal(
        [_compared(value, ast.Eq(), _value(one, scope), ast.unparse(one)) for one in listed.elts]
    )


def _if(node: ast.IfExp, scope: Scope) -> Value:
    yes, no = _value(node.body, scope), _value(node.orelse, scope)
    kind = unified([yes, no])
    if kind is None and yes.kind != no.kind:
        raise NotAFormula(
            f"{ast.unparse(node)}: both outcomes must be of one kind, not {yes.said} and {no.said}."
        )
    chosen = pl.when(_flag(_value(node.test, scope), node.test)).then(yes.expr).otherwise(no.expr)
    return Value(chosen, kind, zero=all(one.zero or one.kind is None for one in (yes, no)))


def _flag(value: Value, node: ast.expr) -> pl.Expr:
    if value.kind not in {Kind.FLAG, None}:
        raise NotAFormula(f"{ast.unparse(node)} must be true or false, and is {value.said}.")
    return value.expr.cast(pl.Boolean)


_NODES: dict[type[ast.expr], Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Call: _call,
    ast.BinOp: _arithmetic,
    ast.UnaryOp: _negative,
    ast.BoolOp: _all_or_any,
    ast.Compare: _compare,
    ast.IfExp: _if,
}

_COUNT, _MONEY, _RATE, _DAY = Kind.COUNT, Kind.MONEY, Kind.RATE, Kind.DAY
_KINDS_OF_SUMS: dict[tuple[type[ast.operator], Kind | None, Kind | None], Kind] = {
    **{(sign, kind, kind): kind for sign in (ast.Add, ast.Sub) for kind in (_COUNT, _MONEY, _RATE)},
    **{(ast.Mult, kind, _COUNT): kind for kind in (_COUNT, _MONEY, _RATE)},
    **{(ast.Mult, _COUNT, kind): kind for kind in (_MONEY, _RATE)},
    **{(ast.FloorDiv, kind, _COUNT): kind for kind in (_COUNT, _MONEY, _RATE)},
    (ast.FloorDiv, _MONEY, _MONEY): _COUNT,
    (ast.Mod, _COUNT, _COUNT): _COUNT,
    (ast.Add, _DAY, _COUNT): _DAY,
    (ast.Sub, _DAY, _COUNT): _DAY,
    (ast.Sub, _DAY, _DAY): _COUNT,
}
"""Which kinds can be added, subtracted, multiplied or shared out, and what comes of it."""
