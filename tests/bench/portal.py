"""A borrower's pages under load: python -m tests.bench.portal BORROWERS [DATABASE_URL] [A_SECOND] [SECONDS].

A made-up book is set in, `tideover serve` answers in processes of its own, and people who are signed in open their pages at a
steady rate, each at its moment whether or not the last one was answered (so a slow answer is not hidden by waiting for it).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from tests.bench.night import a_lender_of_its_own, set_in

PAGES = {
    "/me/": 40, "/me/loans/{loan}/": 20, "/me/bills/": 8, "/me/pay/{loan}/": 10, "/me/promise/": 6, "/me/help/": 6,
    "/me/loans/{loan}/payoff/": 4, "/me/loans/{loan}/terms/": 3, "/me/wishes/": 3,
}  # fmt: skip
"""How often each page is opened, of a hundred."""
VISITORS = 2_000


def main() -> None:
    """Prints the figures as JSON."""
    people, url, a_second, seconds = (*sys.argv[1:], *("", "", "50", "60")[len(sys.argv) - 1 :])
    figures: dict[str, object] = {"people": int(people), "a_second": int(a_second), "seconds": int(seconds)}
    with a_lender_of_its_own(url) as place:
        set_in(place, int(people), {})
        visitors = _visitors()
        with _served(place) as base:
            asyncio.run(_visits(base, visitors, 20, 5))  # what is built once is built
            figures |= _told(asyncio.run(_visits(base, visitors, int(a_second), int(seconds))))
    print(json.dumps(figures, indent=1))


def _visitors() -> list[tuple[str, str]]:
    """Signed-in people with a loan: the loan and the cookie."""
    from importlib import import_module

    from django.conf import settings

    from tideover.book.models import FACTS

    store = import_module(settings.SESSION_ENGINE).SessionStore
    at = datetime.now(UTC).isoformat()
    borrowers = FACTS["parties"].objects.filter(role="borrower").order_by("pk")
    found = []
    for loan_id, person_id in borrowers.values_list("loan_id", "person_id")[: VISITORS * 50 : 50]:
        session = store()
        session["borrower"] = {
            "person_id": person_id,
            "language": "en",
            "how": "demo",
            "seen_at": at,
            "proven_at": at,
        }
        session.save()
        found.append((loan_id, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"))
    return found


@contextmanager
def _served(place: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "tideover",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(os.cpu_count()),
    ]
    with (place / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(200):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def _visits(
    base: str, visitors: list[tuple[str, str]], a_second: int, seconds: int
) -> list[tuple[str, int, float]]:
    """Each visit: page, status and seconds from the moment it was meant to begin."""
    import aiohttp

    chance, start = random.Random(7), time.perf_counter() + 0.5
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:

        async def visit(number: int, page: str, loan: str, cookie: str) -> tuple[str, int, float]:
            meant = start + number / a_second
            await asyncio.sleep(max(0.0, meant - time.perf_counter()))
            async with client.get(
                base + page.format(loan=loan), headers={"Cookie": cookie}, allow_redirects=False
            ) as answer:
                await answer.read()
                return page, answer.status, time.perf_counter() - meant

        pages = chance.choices(list(PAGES), list(PAGES.values()), k=a_second * seconds)
        return await asyncio.gather(
            *(visit(n, page, *chance.choice(visitors)) for n, page in enumerate(pages))
        )


def _told(visits: list[tuple[str, int, float]]) -> dict[str, object]:
    def spread(times: list[float]) -> dict[str, float]:
        cuts = quantiles(times, n=100)
        return {f"p{it}_ms": round(1000 * cuts[it - 1], 1) for it in (50, 95, 99)}

    return {
        "answers": dict(Counter(status for _, status, _ in visits)),
        **spread([took for _, _, took in visits]),
        "by page": {page: spread([took for it, _, took in visits if it == page]) for page in PAGES},
    }


if __name__ == "__main__":
    main()
