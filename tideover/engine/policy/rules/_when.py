"""The little language of `when`, read for one situation.

Python's `ast` in eval mode, white-listed nodes, no names but facts and four questions about what was told. Unknown
is never true, so `not` of something unknown is.

The set-based reading of the same text is the policy package's; this one serves stories and checks.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from tideover.kit.nearest import did_you_mean

Fact = int | str | bool | None

QUESTIONS = {"days_since_told": 1, "days_since_surely_told": 1, "times_told": 2, "times_told_since_missed": 1}
_DEPTH = 12
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_COMPARE: dict[type[ast.cmpop], Callable[[object, object], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,  # type: ignore[dict-item]
    ast.LtE: operator.le,  # type: ignore[dict-item]
    ast.Gt: operator.gt,  # type: ignore[dict-item]
    ast.GtE: operator.ge,  # type: ignore[dict-item]
    ast.In: lambda one, many: one in many,  # type: ignore[operator]
    ast.NotIn: lambda one, many: one not in many,  # type: ignore[operator]
}
_COUNT: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


class NotInTheLanguage(ValueError):
    """The text uses something the little language does not have."""


@dataclass(frozen=True)
class Situation:
    """What is known about one loan or person: facts by name, and how many days ago each purpose was told, for sure or perhaps."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    told: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    perhaps_told: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def placeholders(text: str) -> frozenset[str]:
    """The names in curly brackets, which stand for numbers of the rule's dated value."""
    return frozenset(_PLACEHOLDER.findall(text))


def filled(text: str, numbers: Mapping[str, int]) -> str:
    """The text with the numbers of the value in force."""
    return _PLACEHOLDER.sub(lambda found: str(numbers[found.group(1)]), text)


def check_when(text: str, purposes: Collection[str]) -> str | None:
    """What is wrong with the text, or None. Names of facts are the policy package's to check."""
    try:
        tree = ast.parse(text, mode="eval").body
        _check(tree, 0)
    except SyntaxError as error:
        return f"`when` cannot be read ({error.msg}): {text}"
    except NotInTheLanguage as error:
        return str(error)
    unknown = next((name for name in _asked_about(tree) if name not in purposes), None)
    return (
        None if unknown is None else f"{unknown!r} is not a known purpose.{did_you_mean(unknown, purposes)}"
    )


def _asked_about(tree: ast.expr) -> list[str]:
    """The purposes whose telling is asked about."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)]


def names_in(text: str) -> frozenset[str]:
    """Every fact the text names."""
    nodes = list(ast.walk(ast.parse(text, mode="eval")))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)


def holds(text: str, situation: Situation) -> bool:
    """Whether the text is surely true there."""
    return _value(ast.parse(text, mode="eval").body, situation) is True


def _check(node: ast.AST, depth: int) -> None:
    if depth > _DEPTH:
        raise NotInTheLanguage(f"`when` is nested more than {_DEPTH} deep; split the rule in two.")
    match node:
        case ast.Constant(value=bool() | int() | str() | None) | ast.Name():
            return
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            _check_question(name, args)
            return
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not() | ast.USub()) | ast.Compare() | ast.List() | ast.Tuple():
            pass
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()):
            pass
        case _:
            raise NotInTheLanguage(
                f"`when` may not use `{ast.unparse(node)}`; it knows and, or, not, comparisons, + - *."
            )
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            _check(child, depth + 1)


def _check_question(name: str, args: list[ast.expr]) -> None:
    if name not in QUESTIONS:
        raise NotInTheLanguage(f"`when` has no question {name!r}; it knows {', '.join(QUESTIONS)}.")
    if len(args) != QUESTIONS[name] or not all(isinstance(arg, ast.Constant) for arg in args):
        raise NotInTheLanguage(f"{name} takes {QUESTIONS[name]} plain value(s), the purpose in quotes first.")


def _value(node: ast.expr, situation: Situation) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return situation.facts.get(name)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _answer(name, [_value(arg, situation) for arg in args], situation)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item, situation) for item in items]
        case _:
            return _combined(node, situation)


def _combined(node: ast.expr, situation: Situation) -> object:
    match node:
        case ast.BoolOp(op=op, values=values):
            yes = [_value(one, situation) is True for one in values]
            return all(yes) if isinstance(op, ast.And) else any(yes)
        case ast.UnaryOp(op=op, operand=operand):
            return _turned(op, _value(operand, situation))
        case ast.BinOp(left=left, op=count, right=right):
            return _counted(count, _value(left, situation), _value(right, situation))
        case ast.Compare():
            return _compared(node, situation)
    raise NotInTheLanguage(ast.unparse(node))


def _turned(op: ast.unaryop, value: object) -> object:
    if isinstance(op, ast.Not):
        return value is not True
    return -value if isinstance(value, int) else None


def _counted(op: ast.operator, left: object, right: object) -> int | None:
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    return _COUNT[type(op)](left, right)


def _compared(node: ast.Compare, situation: Situation) -> bool:
    sides = [_value(side, situation) for side in (node.left, *node.comparators)]
    steps = zip(node.ops, sides, sides[1:], strict=False)
    return all(_one_comparison(op, left, right) for op, left, right in steps)


def _one_comparison(op: ast.cmpop, left: object, right: object) -> bool:
    if isinstance(op, ast.Is | ast.IsNot):
        return (left is right) == isinstance(op, ast.Is)
    if left is None or right is None:
        return False
    return _COMPARE[type(op)](left, right)


def _answer(name: str, args: list[object], situation: Situation) -> int | None:
    surely = situation.told.get(str(args[0]), ())
    if name == "days_since_surely_told":
        return min(surely, default=None)
    told = (*surely, *situation.perhaps_told.get(str(args[0]), ()))
    if name == "days_since_told":
        return min(told, default=None)
    within = args[1] if name == "times_told" else situation.facts.get("days_past_due")
    return sum(1 for ago in told if ago <= within) if isinstance(within, int) else None
