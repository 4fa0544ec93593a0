"""A reader of Python that finds what Polars, DuckDB and Spark would answer differently, or what is not pure.

It reads the syntax tree only: it sees how an expression is written, not what type it has.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

DIFFERS = {
    "exp": "the last digit differs between engines",
    "log": "the last digit differs between engines",
    "round": "halves round differently; work in integers",
    "mean": "sums floats; sum integers and divide once with arithmetic.whole",
    "std": "sums floats",
    "var": "sums floats",
    "quantile": "engines interpolate differently",
    "first": "missing on Spark; use min or max over a packed integer",
    "last": "missing on Spark; use min or max over a packed integer",
    "top_k": "fails on DuckDB; rank with an explicit order",
    "join_asof": "missing on Spark; use an equi-join",
    "map_batches": "runs Python on rows",
    "map_elements": "runs Python on rows",
    "hash_rows": "every engine hashes in its own way; use the seed column",
    "dt": "engines disagree on time zones; days and moments are integers",
}
OPERATORS = {
    ast.FloorDiv: "`//` goes through double on Spark; use arithmetic.whole, or divmod for plain numbers",
    ast.Mod: "`%` differs for negatives; use arithmetic.remainder, or divmod for plain numbers",
}
FRAME_VERBS = {"with_columns", "select", "agg"}
EXPRESSION_ROOTS = {"col", "lit", "when", "len", "all_horizontal", "any_horizontal", "concat_str"}
ASKS_THE_WORLD = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "uuid.uuid1", "uuid.uuid4", "uuid4", "os.urandom", "os.getenv", "os.environ",
}  # fmt: skip
COLUMN_MAKERS = ("narwhals", "arithmetic", "Expr", "_define")
CHANCE = {"random", "secrets"}


@dataclass(frozen=True)
class Finding:
    """One place and why it may not stand there."""

    line: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}: {self.why}"


def dotted(node: ast.expr) -> str:
    """`a.b.c` as written; calls and indexes in between are left out."""
    match node:
        case ast.Name(id):
            return id
        case ast.Attribute(value, attr):
            return f"{dotted(value)}.{attr}"
        case ast.Call(func):
            return dotted(func)
        case _:
            return ""


def _root(node: ast.expr) -> ast.expr:
    """The call or name that a chain of methods begins with."""
    while isinstance(node, ast.Call | ast.Attribute):
        inner = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(inner, ast.Name):
            return node
        node = inner
    return node


def _starts_an_expression(node: ast.expr) -> bool:
    return dotted(_root(node)).split(".")[-1] in EXPRESSION_ROOTS


def _differing(node: ast.AST) -> Iterator[Finding]:
    match node:
        case ast.Attribute(attr=word) if word in DIFFERS:
            yield Finding(node.lineno, f".{word}", DIFFERS[word])
        case ast.BinOp(op=op, left=left) if type(op) in OPERATORS and not _is_text(left):
            yield Finding(node.lineno, ast.unparse(node)[:40], OPERATORS[type(op)])
        case ast.Call(func=ast.Attribute(value=receiver, attr="filter")) if _starts_an_expression(receiver):
            yield Finding(
                node.lineno, ".filter on an expression", "missing on DuckDB and Spark; use when().then()"
            )
        case ast.Call(func=ast.Attribute(attr=verb)) if verb in FRAME_VERBS:
            yield from _filters_within(node)


def _filters_within(call: ast.Call) -> Iterator[Finding]:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    for node in (inner for argument in arguments for inner in ast.walk(argument)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "filter"
            and not _starts_an_expression(node.value)
        ):
            yield Finding(
                node.lineno, ".filter inside a column", "missing on DuckDB and Spark; use when().then()"
            )


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _floats(node: ast.AST) -> Iterator[Finding]:
    operands = {ast.BinOp: ("left", "right"), ast.Compare: ("left", "comparators"), ast.AugAssign: ("value",)}
    for name in operands.get(type(node), ()):
        found = getattr(node, name)
        for operand in found if isinstance(found, list) else [found]:
            if isinstance(operand, ast.Constant) and isinstance(operand.value, float):
                yield Finding(
                    operand.lineno, str(operand.value), "a float; say it in integers (ppm, per 10,000)"
                )


def handles_columns(source: str) -> bool:
    """Whether the file works on columns at all: it imports narwhals, or what hands out expressions."""
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    return any(word in ast.unparse(node) for node in imported for word in COLUMN_MAKERS)


def not_portable(source: str) -> list[Finding]:
    """What the three engines would answer differently."""
    return [it for node in ast.walk(ast.parse(source)) for it in (*_differing(node), *_floats(node))]


def not_pure(source: str) -> list[Finding]:
    """Where the clock, chance or the environment is asked instead of passed in."""
    return [it for node in ast.walk(ast.parse(source)) for it in _impure(node)]


def _impure(node: ast.AST) -> Iterator[Finding]:
    match node:
        case ast.Attribute() | ast.Name() if _ends_with(dotted(node), ASKS_THE_WORLD):
            yield Finding(node.lineno, dotted(node), "the world is passed in: at=, salt=, tables=, content=")
        case ast.Import(names=names) if any(alias.name.split(".")[0] in CHANCE for alias in names):
            yield Finding(node.lineno, ast.unparse(node), "chance is passed in: salt=, seed=")
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in CHANCE:
            yield Finding(node.lineno, ast.unparse(node), "chance is passed in: salt=, seed=")
        case ast.Call(func=func, args=[], keywords=[]) if _ends_with(dotted(func), {"default_rng"}):
            yield Finding(node.lineno, "default_rng()", "a generator needs its seed")


def _ends_with(written: str, known: set[str]) -> bool:
    return written in known or any(written.endswith("." + it) for it in known)
