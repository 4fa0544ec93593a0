"""How fast a worker delivers beside a bare loop of aiosmtplib with the same mails, connections and sink.

    python -m tests.bench.worker [MESSAGES] [CONNECTIONS] [DATABASE_URL] [WORKERS] [keeps|forgets]

The sink is a process of its own: the mailbox of the demo, which keeps a mail before it says that it has taken it, as any
relay must (RFC 5321, 6.1), or one that forgets it at once and so is as fast as can be. The worker turns: it claims, guards,
writes the words, sends, and writes down what became of each; the bare loop sends the very mails the worker sent, made
beforehand. Several workers are processes that share the outbox and the connections; what all of them deliver counts, from
the first round of the first to the last of the last.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.reliability.outbox_of import environment, filled

SINK = "import sys; from tests.bench.worker import sink; sink(sys.argv[1])"
BESIDE = "from tests.bench.worker import beside; beside()"


def sink(folder: str) -> None:
    """Takes every mail, keeps it in that folder where one is named, and says its port."""
    from aiosmtpd.smtp import SMTP

    from tideover.cli._demo_mailbox import Keeping, TakesSeveral

    class Forgetting(TakesSeveral):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library calls it so
            return "250 taken"

    handler = Keeping(folder) if folder else Forgetting()

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(handler, hostname="sink.example", loop=loop), "127.0.0.1", 0
        )
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def a_sink(folder: str):
    """A sink in a process of its own, by its port."""
    process = subprocess.Popen([sys.executable, "-c", SINK, folder], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


async def bare(port: int, mails: list[tuple[str, bytes]], connections: int) -> dict[str, float]:
    """Mails a second, ready made, over so many connections."""
    import aiosmtplib

    async def share(part: list[tuple[str, bytes]]) -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        for to, mail in part:
            await client.sendmail("hello@lender.example", [to], mail)
        await client.quit()

    start, processor = time.perf_counter(), time.process_time()
    await asyncio.gather(*(share(mails[number::connections]) for number in range(connections)))
    return {
        "per_second": len(mails) / (time.perf_counter() - start),
        "processor_ms": 1000 * (time.process_time() - processor) / len(mails),
    }


def worked(kept: list[tuple[str, bytes]]) -> dict[str, float]:
    """The worker in this process, turn by turn to the end of the outbox; what it sends is kept for the bare loop."""
    import django

    django.setup()
    from tideover.access.clock import now
    from tideover.cli._turns import lanes_of, turn
    from tideover.delivery import outbox
    from tideover.delivery.channels.email import transport
    from tideover.delivery.jobs import open_channels, send

    make, made = transport.mail_of, 0

    def keeping(outgoing, at):
        nonlocal made
        made += 1
        mail = make(outgoing, at)
        if len(kept) < 2_000:
            kept.append((outgoing.to, mail))
        return mail

    transport.mail_of = keeping
    channels = open_channels(os.environ)
    send(channels, worker=f"bench-{os.getpid()}", at=now())  # the first round builds the plans
    made, begun, processor = 0, time.time(), time.process_time()
    with lanes_of(channels) as lanes:
        while turn(lanes, at=now()) or lanes.is_busy or outbox.is_anything_due(at=now()):
            pass
    return {
        "sent": made, "begun": begun, "ended": time.time(), "processor_seconds": time.process_time() - processor,
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def beside() -> None:
    """Another worker, in a process of its own."""
    sys.stdout.write(json.dumps(worked([])) + "\n")


def together(kept: list[tuple[str, bytes]], workers: int) -> dict[str, float]:
    """So many workers on one outbox, this process among them."""
    others = [
        subprocess.Popen([sys.executable, "-c", BESIDE], stdout=subprocess.PIPE, text=True)
        for _ in range(workers - 1)
    ]
    each = [worked(kept), *(json.loads(it.communicate()[0].splitlines()[-1]) for it in others)]
    sent = sum(it["sent"] for it in each)
    return {
        "workers": workers,
        "per_second": sent / (max(it["ended"] for it in each) - min(it["begun"] for it in each)),
        "processor_ms": 1000 * sum(it["processor_seconds"] for it in each) / sent,
        "most_memory_mb": max(it["most_memory_mb"] for it in each),
    }


def main() -> None:
    """Both, in one run, with their ratio."""
    given = (*sys.argv[1:], *("6000", "4", "", "1", "keeps")[len(sys.argv) - 1 :])
    messages, connections, url, workers = int(given[0]), int(given[1]), given[2], int(given[3])
    with (
        tempfile.TemporaryDirectory(prefix="tideover-bench-") as place,
        a_sink(f"{place}/mailbox" if given[4] == "keeps" else "") as port,
    ):
        smtp = f"smtp://127.0.0.1:{port}?sessions={connections // workers}"
        env = environment(Path(place), smtp, url) | {"TIDEOVER_LEASE_SECONDS": "45"}
        filled(env, messages)
        os.environ.update(env)
        kept: list[tuple[str, bytes]] = []
        figures = together(kept, workers)
        loop = asyncio.run(bare(port, kept, connections))
    ratios = {
        "ratio": figures["per_second"] / loop["per_second"],
        "processor_ratio": loop["processor_ms"] / figures["processor_ms"],
    }
    print(json.dumps({"worker": figures, "bare": loop, **ratios}, indent=1))


if __name__ == "__main__":
    main()
