"""Cases of policies: a story with what is given, and the step and reason that must follow.

    - name: One miss after two spotless years is met with leeway
      given: {is_open: true, first_slip: true, days_past_due: 2, kind: instalment}
      expect: {do: leeway_note, because: spotless_history}

A name that is not given is unknown, and a count of what was told is "never". Calls are written as in a policy:
`days_since_told("leeway_note"): 12`. All cases of a policy are decided in one frame.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw
from pydantic import Field

from tideover.engine.decision.candidates import matched, with_parts
from tideover.engine.policy.content import Document, Problem, read_document, validated
from tideover.engine.policy.expression import ExpressionError, Name, Scope, Type
from tideover.engine.policy.lists import Strict
from tideover.engine.policy.strategy import Policy, Step, Strategy, strategy_files

Given = dict[str, int | str | bool | None]
_TYPES: dict[Type, nw.dtypes.DType] = {Type.YES_NO: nw.Boolean(), Type.TEXT: nw.String()}


class Expected(Strict):
    """The step that must follow: what is done, and because of what; `step` where several steps do the same."""

    do: str
    because: str
    step: str = ""


class Case(Strict):
    """One story."""

    name: str = Field(min_length=10)
    given: Given = Field(default_factory=dict)
    expect: Expected


class CasesFile(Strict):
    """The stories of one policy."""

    cases: tuple[Case, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Tried:
    """How many cases there are, and every one that does not come out."""

    cases: int
    problems: list[Problem]

    @property
    def passed(self) -> int:
        """Cases that come out, where no problem stands."""
        return self.cases if not self.problems else 0


def run_cases(strategy: Strategy, folder: Path) -> list[Problem]:
    """Every case of a strategy's policies that does not come out, with its line; and policies without cases."""
    return try_cases(strategy, folder).problems


def try_cases(strategy: Strategy, folder: Path) -> Tried:
    """Decide every case of a strategy's policies."""
    problems: list[Problem] = []
    cases, files = 0, strategy_files(folder)
    for policy in strategy.policies:
        name = f"policies/{policy.name}.cases.yaml"
        label = f"{strategy.name}/{name}"
        if name not in files:
            problems.append(
                Problem(
                    label, 1, f"policy '{policy.name}' has no cases; a strategy without them is not published"
                )
            )
            continue
        document = read_document(files[name], label)
        file = validated(document, CasesFile, problems)
        if file is not None:
            cases += len(file.cases)
            problems += _failures(policy, strategy, file.cases, document)
    return Tried(cases, problems)


def _failures(
    policy: Policy, strategy: Strategy, cases: Sequence[Case], document: Document
) -> Iterator[Problem]:
    scope = strategy.names.scope(policy.subject)
    rows: list[Given] = [{} for _ in cases]
    bad = set()
    for at, case in enumerate(cases):
        for key, value in case.given.items():
            try:
                rows[at][_name(key, scope).column] = value
            except ExpressionError as error:
                bad.add(at)
                yield document.problem(("cases", at, "given", key), str(error))
    found = _steps(policy, scope, rows)
    for at, (case, step) in enumerate(zip(cases, found, strict=True)):
        if at not in bad and (said := _said(case.expect, step)):
            yield document.problem(("cases", at), f"'{case.name}': {said}")


def _steps(policy: Policy, scope: Scope, rows: Sequence[Given]) -> list[Step | None]:
    types = {name.column: _TYPES.get(name.type, nw.Int64()) for name in scope.names.values()}
    columns = sorted({*policy.columns, *(column for row in rows for column in row)})
    data: dict[str, list[object]] = {name: [row.get(name) for row in rows] for name in columns}
    schema = {name: types.get(name) or _kind_of(name, rows) for name in columns}
    data, schema = {**data, "row__": list(range(len(rows)))}, {**schema, "row__": nw.Int64()}
    frame = nw.from_dict(data, schema, backend="polars").lazy()
    frame, parts = with_parts(frame, policy.expressions)
    ranks = frame.select("row__", matched(policy, parts).alias("rank")).collect().get_column("rank").to_list()
    by_rank = {step.rank if step.purpose else -step.rank: step for step in policy.steps}
    return [by_rank.get(rank) if rank is not None else None for rank in ranks]


def _kind_of(column: str, rows: Sequence[Given]) -> nw.dtypes.DType:
    """Generated columns: yes or no for those named so, else a count of days or times."""
    is_flag = column.startswith(
        ("told_since_missed__", "told_since_promised__", "lesson_done__", "prefers__")
    )
    return nw.Boolean() if is_flag or any(isinstance(row.get(column), bool) for row in rows) else nw.Int64()


def _name(key: str, scope: Scope) -> Name:
    if "(" not in key:
        return scope.name(key)
    try:
        call = ast.parse(key, mode="eval").body
    except SyntaxError:
        call = None
    if not (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in scope.functions
    ):
        raise ExpressionError(f"'{key}' is not a name or a call of {', '.join(sorted(scope.functions))}")
    try:
        return scope.functions[call.func.id](
            *(arg.value for arg in call.args if isinstance(arg, ast.Constant))
        )
    except TypeError:
        raise ExpressionError(
            f"'{key}' has not the plain codes and numbers that {call.func.id} takes"
        ) from None


def _said(expect: Expected, step: Step | None) -> str:
    done = (
        "not applying at all"
        if step is None
        else f"{step.purpose or 'silence'} because {step.because} (step {step.name})"
    )
    if step is None:
        return (
            ""
            if expect.do == "not_applying"
            else f"expected {expect.do} because {expect.because}, got {done}"
        )
    right = (step.purpose or "silence", step.because) == (expect.do, expect.because) and expect.step in (
        "",
        step.name,
    )
    return "" if right else f"expected {expect.do} because {expect.because}, got {done}"
