"""The closed little language of policies and rules.

    first_slip and days_past_due <= leeway_days and days_since_told("leeway_note") is None

Python's grammar, read with `ast` in eval mode and never run: only the nodes below exist, only documented
names, and what a name may be compared with follows from its unit. Unknown is never true.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import narwhals as nw

from tideover.engine.arithmetic import holds, number
from tideover.kit.nearest import nearest

MAX_LENGTH = 2_000
MAX_DEPTH = 40
MAX_NODES = 400
MAX_NUMBER = 10**12


class Type(StrEnum):
    """What kind of value an expression gives."""

    YES_NO = "yes or no"
    NUMBER = "a number"
    MONEY = "an amount of money"
    TEXT = "a code"


class ExpressionError(ValueError):
    """An expression that is not in the language; the message says what was expected."""


@dataclass(frozen=True)
class Name:
    """A name an expression may use: the column behind it and its type."""

    column: str
    type: Type


Function = Callable[..., Name]


@dataclass(frozen=True)
class Scope:
    """What an expression may speak of: names, constants, and functions of constants."""

    names: Mapping[str, Name]
    constants: Mapping[str, int | str | bool]
    functions: Mapping[str, Function]

    def name(self, text: str) -> Name:
        """The name, or an error that gives the nearest known one."""
        if text in self.names:
            return self.names[text]
        known = [*self.names, *self.constants]
        raise ExpressionError(f"'{text}' is not a known name{nearest_phrase(text, known)}")


Parts = Mapping[str, nw.Expr]


@dataclass(frozen=True)
class Expression:
    """A checked expression: its text, the columns it reads, its comparisons by their text, and how they combine.

    Many expressions share comparisons, so whoever makes many of them makes each part once. Unknown is never true.
    """

    text: str
    columns: frozenset[str]
    parts: Mapping[str, Callable[[], nw.Expr]]
    combine: Callable[[Parts], nw.Expr]

    def make(self) -> nw.Expr:
        """The whole condition as one expression."""
        return self.combine({text: make() for text, make in self.parts.items()})


def nearest_phrase(text: str, known: list[str]) -> str:
    """', did you mean ...?' or nothing."""
    found = nearest(text, known)
    return f"; did you mean '{found}'?" if found else ""


def parse(text: str, scope: Scope) -> Expression:
    """Read and check one condition. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression has {len(text)} characters; at most {MAX_LENGTH} are read")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError(f"'{text[:80]}' cannot be read: {getattr(error, 'msg', error)}") from None
    _check_size(tree)
    reader = _Reader(scope)
    combine = reader.condition(tree, lambda type_: f"'{text}' gives {type_}; a condition must give yes or no")
    return Expression(text, frozenset(reader.columns), reader.parts, combine)


def _check_size(tree: ast.AST) -> None:
    nodes, level, depth = 0, [tree], 0
    while level:
        depth += 1
        nodes += len(level)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise ExpressionError(
                f"the expression is too deep or too long (at most {MAX_DEPTH} levels, {MAX_NODES} parts)"
            )
        level = [child for node in level for child in ast.iter_child_nodes(node)]


Made = tuple[Type, Callable[[], nw.Expr]]
Combine = Callable[[Parts], nw.Expr]
_COMPARE: dict[type[ast.cmpop], Callable[[nw.Expr, nw.Expr], nw.Expr]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[nw.Expr, nw.Expr], nw.Expr]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
}


class _Reader:
    """Walks the tree once, checking types and collecting columns and comparisons."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.columns: set[str] = set()
        self.parts: dict[str, Callable[[], nw.Expr]] = {}

    def condition(self, node: ast.AST, otherwise: Callable[[Type], str] | None = None) -> Combine:
        """How the parts of a yes-or-no combine; `otherwise` says what is wrong with another type."""
        match node:
            case ast.BoolOp(op, values):
                inner = [self.condition(value) for value in values]
                join = nw.all_horizontal if isinstance(op, ast.And) else nw.any_horizontal
                return lambda parts: join(*(each(parts) for each in inner), ignore_nulls=False)
            case ast.UnaryOp(ast.Not(), operand):
                operand_holds = self.condition(operand)
                return lambda parts: ~operand_holds(parts)
        type_, make = self.read(node)
        text = ast.unparse(node)
        if type_ is not Type.YES_NO:
            wrong = f"'{text}' gives {type_}; 'and', 'or' and 'not' need yes or no"
            raise ExpressionError(otherwise(type_) if otherwise else wrong)
        self.parts[text] = lambda: holds(make())
        return lambda parts: parts[text]

    def read(self, node: ast.AST) -> Made:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise ExpressionError(f"{type(node).__name__} is not part of the language")
        made: Made = method(node)
        return made

    def _boolop(self, node: ast.BoolOp | ast.UnaryOp) -> Made:
        reader = _Reader(self.scope)
        combine = reader.condition(node)
        self.columns |= reader.columns
        return Type.YES_NO, Expression("", frozenset(), reader.parts, combine).make

    def _unaryop(self, node: ast.UnaryOp) -> Made:
        if isinstance(node.op, ast.Not):
            return self._boolop(node)
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return self._constant(ast.Constant(-_whole_number(node.operand.value)))
        raise ExpressionError(f"'{ast.unparse(node)}': only 'not' and a minus before a number are known")

    def _constant(self, node: ast.Constant) -> Made:
        value = node.value
        if isinstance(value, bool):
            return Type.YES_NO, lambda: nw.lit(value)
        if isinstance(value, str):
            return Type.TEXT, lambda: nw.lit(value)
        known = _whole_number(value)
        return Type.NUMBER, lambda: number(known)

    def _name(self, node: ast.Name) -> Made:
        if node.id in self.scope.constants:
            return self._constant(ast.Constant(self.scope.constants[node.id]))
        return self._column(self.scope.name(node.id))

    def _column(self, name: Name) -> Made:
        self.columns.add(name.column)
        return name.type, lambda: nw.col(name.column)

    def _call(self, node: ast.Call) -> Made:
        called = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        function = self.scope.functions.get(called)
        if function is None:
            raise ExpressionError(
                f"'{called}' is not a known function{nearest_phrase(called, list(self.scope.functions))}"
            )
        if node.keywords or not all(isinstance(arg, ast.Constant) for arg in node.args):
            raise ExpressionError(f"'{called}' takes plain codes and numbers only")
        try:
            return self._column(function(*(arg.value for arg in node.args if isinstance(arg, ast.Constant))))
        except TypeError:
            raise ExpressionError(
                f"'{called}' got {len(node.args)} values, which is not what it takes"
            ) from None

    def _binop(self, node: ast.BinOp) -> Made:
        operation = _ARITHMETIC.get(type(node.op))
        if operation is None:
            raise ExpressionError(
                f"'{ast.unparse(node)}': only + - * are known; the engines divide differently"
            )
        (left_type, left), (right_type, right) = self.read(node.left), self.read(node.right)
        return _calculated(node, left_type, right_type), lambda: operation(left(), right())

    def _compare(self, node: ast.Compare) -> Made:
        made, left = [], node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            made.append(self._one_comparison(left, operator, right))
            left = right

        def make() -> nw.Expr:
            result = made[0]()
            for one in made[1:]:
                result = result & one()
            return result

        return Type.YES_NO, make

    def _one_comparison(self, left: ast.AST, operator: ast.cmpop, right: ast.AST) -> Callable[[], nw.Expr]:
        if isinstance(operator, ast.Is | ast.IsNot):
            return self._known(left, operator, right)
        if isinstance(operator, ast.In | ast.NotIn):
            return self._member(left, operator, right)
        (left_type, a), (right_type, b) = self.read(left), self.read(right)
        _check_comparable(left, left_type, right, right_type)
        compare = _COMPARE[type(operator)]
        return lambda: compare(a(), b())

    def _known(self, left: ast.AST, operator: ast.cmpop, right: ast.AST) -> Callable[[], nw.Expr]:
        if not (isinstance(right, ast.Constant) and right.value is None):
            raise ExpressionError("'is' and 'is not' go with None only, which means unknown")
        _, value = self.read(left)
        return (lambda: value().is_null()) if isinstance(operator, ast.Is) else (lambda: ~value().is_null())

    def _member(self, left: ast.AST, operator: ast.cmpop, right: ast.AST) -> Callable[[], nw.Expr]:
        if not isinstance(right, ast.Tuple | ast.List | ast.Set):
            raise ExpressionError('\'in\' needs a list of codes, as in kind in ("instalment", "once")')
        type_, value = self.read(left)
        members = [member.value for member in right.elts if isinstance(member, ast.Constant)]
        wanted = str if type_ is Type.TEXT else int
        if len(members) != len(right.elts) or not all(type(member) is wanted for member in members):
            raise ExpressionError(
                f"'{ast.unparse(right)}' must list {'codes' if wanted is str else 'whole numbers'}"
            )
        inside = isinstance(operator, ast.In)
        return lambda: value().is_in(members) if inside else ~value().is_in(members)


def _calculated(node: ast.BinOp, left: Type, right: Type) -> Type:
    both = [left, right]
    if {*both} - {Type.NUMBER, Type.MONEY}:
        raise ExpressionError(f"'{ast.unparse(node)}' calculates with {left} and {right}")
    if isinstance(node.op, ast.Mult) and both.count(Type.MONEY) > 1:
        raise ExpressionError(
            f"'{ast.unparse(node)}': an amount may be taken so many times, never times an amount"
        )
    if not isinstance(node.op, ast.Mult) and left is not right:
        raise ExpressionError(
            f"'{ast.unparse(node)}': an amount goes with another amount, never with a number, "
            "since books hold several currencies; compare days or shares"
        )
    return Type.MONEY if Type.MONEY in both else Type.NUMBER


def _check_comparable(left: ast.AST, left_type: Type, right: ast.AST, right_type: Type) -> None:
    both = {left_type, right_type}
    if both == {Type.MONEY, Type.NUMBER}:
        plain = right if left_type is Type.MONEY else left
        if not (isinstance(plain, ast.Constant) and plain.value == 0):
            raise ExpressionError(
                f"'{ast.unparse(plain)}': an amount may be compared with 0 or another amount, "
                "never with a number, since books hold several currencies; compare days or shares"
            )
    elif len(both) > 1:
        raise ExpressionError(f"'{ast.unparse(left)}' is {left_type}, '{ast.unparse(right)}' is {right_type}")


def _whole_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ExpressionError(f"'{value}' is not a whole number or a code in quotes")
    if abs(value) > MAX_NUMBER:
        raise ExpressionError(f"{value} is too large; numbers go up to {MAX_NUMBER:,}")
    return value
