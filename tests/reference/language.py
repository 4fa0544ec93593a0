"""Conditions of policies and rules, read one row at a time. None is unknown, and unknown is never true."""

import ast
import operator

COMPARE = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
COUNT = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


def condition(text, constants):
    """A function of a row's facts, `facts(name)` and `facts(name, *arguments)`, that says yes or no."""
    value = _read(ast.parse(text.strip(), mode="eval").body, constants)
    return lambda facts: value(facts) is True


def names_in(text):
    """Every name and function a condition speaks of."""
    return {node.id for node in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(node, ast.Name)}


def _read(node, constants):
    match node:
        case ast.Constant(value):
            return lambda facts: value
        case ast.Name(id=name) if name in constants:
            return lambda facts: constants[name]
        case ast.Name(id=name):
            return lambda facts: facts(name)
        case ast.Call(func=ast.Name(id=name), args=args):
            given = [arg.value for arg in args]
            return lambda facts: facts(name, *given)
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
            members = [member.value for member in elts]
            return lambda facts: members
        case _:
            return _combined(node, constants)


def _combined(node, constants):
    match node:
        case ast.BoolOp(op=op, values=values):
            parts = [_read(value, constants) for value in values]
            every = all if isinstance(op, ast.And) else any
            return lambda facts: every(part(facts) is True for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _read(operand, constants)
            return lambda facts: inner(facts) is not True
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value)):
            return lambda facts: -value
        case ast.BinOp(left=left, op=op, right=right):
            return _calculation(op, _read(left, constants), _read(right, constants))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [_read(side, constants) for side in (left, *comparators)]
            return lambda facts: _compared(ops, [side(facts) for side in sides])
    raise ValueError(f"not in the language: {ast.unparse(node)}")


def _calculation(op, left, right):
    def value(facts):
        a, b = left(facts), right(facts)
        return None if a is None or b is None else COUNT[type(op)](a, b)

    return value


def _compared(ops, values):
    for op, left, right in zip(ops, values, values[1:], strict=False):
        if isinstance(op, ast.Is | ast.IsNot):
            result = (left is None) == isinstance(op, ast.Is)
        elif left is None or right is None:
            return None
        else:
            result = COMPARE[type(op)](left, right)
        if not result:
            return False
    return True
