"""Every case has somebody who sees to it from the start: the colleague who knows her, else whoever has the least to do.

It is a name to go by, not a fence: until somebody has begun, any colleague of the branch may take it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count, Q

from tideover.access.allowed import branches_of
from tideover.access.models import Staff
from tideover.access.roles import Power, Role
from tideover.support.models import Case
from tideover.support.opening import NOBODY

AT_ONCE = 1_000


@dataclass(frozen=True)
class Colleague:
    """Somebody who may answer: which branches they see (None: every one), and whether answering is what they are here for."""

    key: str
    branches: frozenset[str] | None
    is_agent: bool

    def sees(self, branch: str) -> bool:
        """Whether cases of this branch are shown to them."""
        return self.branches is None or branch in self.branches


@transaction.atomic
def give_out() -> int:
    """Name an owner for each case that has none, or whose owner left or sees its branch no more. How many."""
    waiting = Case.objects.exclude(state="closed").with_their_branch().order_by()
    rows = list(waiting.values_list("owner", "branch_now").annotate(cases=Count("pk")))  # type: ignore[misc]
    colleagues = {it.key: it for it in _colleagues()} if rows else {}
    load, without = Counter[str](), Q()
    for owner, branch, cases in rows:
        if owner in colleagues and colleagues[owner].sees(branch):
            load[owner] += cases
        elif any(it.sees(branch) for it in colleagues.values()):
            without |= Q(owner=owner, branch_now=branch)
    if not without:
        return 0
    ours = waiting.filter(without).order_by("due_on", "pk")
    if connection.features.has_select_for_update_skip_locked:
        ours = ours.select_for_update(skip_locked=True)  # another worker gives out the others
    given = _given(ours[:AT_ONCE], colleagues, load)
    for owner, cases in given.items():
        Case.objects.filter(pk__in=cases).update(owner=owner, state="open")
    return sum(map(len, given.values()))


def _colleagues() -> Iterable[Colleague]:
    for it in Staff.objects.who_may(Power.ANSWER):
        yield Colleague(str(it.pk), branches_of(it), it.role == Role.AGENT)


def _given(
    waiting: Iterable[Case], colleagues: Mapping[str, Colleague], load: Counter[str]
) -> Mapping[str, list[int]]:
    """Cases by their new owner. `load`, how much each has to do, grows with them."""
    cases = list(waiting)
    known, given = _known_to(cases, colleagues), defaultdict[str, list[int]](list)
    for case in cases:
        able = [it for it in colleagues.values() if it.sees(case.branch_now)]  # type: ignore[attr-defined]
        hers, passed = known.get(case.person_id), case.passed_by
        chosen = min(
            able,
            key=lambda it: (it.key == passed, it.key != hers, not it.is_agent, load[it.key], int(it.key)),
        )
        given[chosen.key].append(case.pk)
        load[chosen.key] += 1
        if case.person_id != NOBODY:
            known[case.person_id] = chosen.key
    return given


def _known_to(cases: Iterable[Case], colleagues: Mapping[str, Colleague]) -> dict[str, str]:
    """Who saw last to anything of each of these people."""
    people = {it.person_id for it in cases} - {NOBODY}
    rows = Case.objects.filter(person_id__in=people, owner__in=colleagues).order_by("pk")
    return dict(rows.values_list("person_id", "owner"))
