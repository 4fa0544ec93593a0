"""Does the answer at the door tell whether a number is known? The same status and body, and times that cannot be told apart.

Known and unknown numbers are asked for in turn, over one connection, on this machine. The times are compared by the test
of Kolmogorov and Smirnov and by their medians.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import re
import time
from pathlib import Path
from statistics import median

from tests.reliability.own_process import answered, in_own_process, made_ready

KNOWN, UNKNOWN = "+4477009{:05d}", "+4477008{:05d}"
MOST_APART_MS, LEAST_CHANCE = 2.0, 0.01


def run(full: bool) -> dict[str, object]:
    """2,000 questions of each kind; or 150. In a process and a database of their own."""
    return in_own_process("tests.reliability.enumeration", 2_000 if full else 150)


def asked(each: int, seed: int = 1) -> dict[str, object]:
    """So many people with a phone, and as many numbers that are nobody's; every number once."""
    from django.test import Client

    _people(each)
    order = [(kind, number) for kind in (KNOWN, UNKNOWN) for number in range(each)]
    random.Random(seed).shuffle(order)
    client, times, answers = (
        Client(REMOTE_ADDR="127.0.0.1"),
        {KNOWN: [], UNKNOWN: []},
        {KNOWN: set(), UNKNOWN: set()},
    )
    for kind, number in [*order[:20], *order]:  # the first ones warm up what is built once
        start = time.perf_counter()
        answer = client.post("/me/sign-in/", {"address": kind.format(number)}, follow=True)
        times[kind].append(1000 * (time.perf_counter() - start))
        answers[kind].add((answer.status_code, _without_tokens(answer.content.decode())))
    known, unknown = times[KNOWN], times[UNKNOWN]
    apart, chance = abs(median(known) - median(unknown)), same_chance(known, unknown)
    return {
        "each": each, "answers": len(answers[KNOWN] | answers[UNKNOWN]), "median_known_ms": round(median(known), 3),
        "median_unknown_ms": round(median(unknown), 3), "chance_that_they_are_alike": round(chance, 4),
        "passed": answers[KNOWN] == answers[UNKNOWN] and apart < MOST_APART_MS and chance > LEAST_CHANCE,
    }  # fmt: skip


def same_chance(one: list[float], other: list[float]) -> float:
    """How likely two samples of one distribution lie at least so far apart (Kolmogorov and Smirnov, for large samples)."""
    first, second = sorted(one), sorted(other)
    places, here, there, far = sorted([*first, *second]), 0, 0, 0.0
    for at in places:
        while here < len(first) and first[here] <= at:
            here += 1
        while there < len(second) and second[there] <= at:
            there += 1
        far = max(far, abs(here / len(first) - there / len(second)))
    size = math.sqrt(len(first) * len(second) / (len(first) + len(second)))
    lam = (size + 0.12 + 0.11 / size) * far
    if lam < 0.2:
        return 1.0
    return max(
        0.0, min(1.0, 2 * sum((-1) ** (n - 1) * math.exp(-2 * n * n * lam * lam) for n in range(1, 101)))
    )


def _without_tokens(page: str) -> str:
    return re.sub(r'value="[\w-]{32,}"', 'value=""', page)


def _people(many: int) -> None:
    from tests.people import reachable, someone, together
    from tests.portal import NOW
    from tests.recording import recorded
    from tideover.access.sealing import blind
    from tideover.book.models import Address

    names = [f"known-{number}" for number in range(many)]
    book = together(*(together(someone(it), reachable(it, "sms")) for it in names))
    book["contact_points"] = [{**it, "address_id": f"{it['person_id']}-sms"} for it in book["contact_points"]]
    recorded(book, at=NOW)
    Address.objects.bulk_create(
        Address(address_id=f"{name}-sms", channel="sms", value=KNOWN.format(number), index=blind(KNOWN.format(number)))
        for number, name in enumerate(names)
    )  # fmt: skip


def main() -> None:
    """In the process of its own."""
    asking = argparse.ArgumentParser()
    asking.add_argument("each", type=int)
    asking.add_argument("--here", type=Path)
    given = asking.parse_args()
    os.environ["TIDEOVER_HOSTS"] = "testserver"
    os.environ["TIDEOVER_PUBLIC_URL"] = "http://testserver"  # plain http on this machine
    made_ready()
    answered(given.here, asked(given.each))


if __name__ == "__main__":
    main()
