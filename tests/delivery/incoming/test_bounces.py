"""Mails that came back, on a public collection of bounces: how many are read as what they are."""

import csv
import gzip
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from tests.real.sources import files
from tideover.delivery.incoming import read_mail

DATA = files("bounces")
pytestmark = pytest.mark.skipif(
    not (DATA / "sisimai_bounces.tar.gz").exists(),
    reason="the collection of bounces is not part of the repository: ../shared/data/bounces is absent",
)
# What the collection's own labels do not say: a report of all well, a person's forward, DMARC reports to an operator.
NOT_WHAT_THEIR_NAME_SAYS = {"rfc3464-28", "lhost-sendmail-14", "arf-18", "arf-19"}
AS = {
    "permanent": "bounce", "temporary": "bounce", "spam_report": "spam_report", "unsubscribe": "spam_report",
    "away": "machine", "auto_reply": "machine", "challenge": "machine", "reply": "reply", "arrived": "arrived",
}  # fmt: skip


def collected():
    with tarfile.open(DATA / "sisimai_bounces.tar.gz") as tar:
        for member in tar.getmembers():
            if member.name.endswith(".eml"):
                yield Path(member.name), tar.extractfile(member).read()


def label(path: Path) -> str:
    kind = path.stem.rsplit("-", 1)[0]
    return {"arf": "spam_report", "rfc3834": "machine", "is-not-bounce": "reply"}.get(kind, "bounce")


def statuses() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with gzip.open(DATA / "dsn_fields.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["status"]:
                found.setdefault(Path(row["file"]).stem, set()).add(row["status"][0])
    return found


def test_nearly_every_mail_is_read_as_what_it_is():
    told = [
        (label(path), AS[read_mail(raw).kind])
        for path, raw in collected()
        if path.stem not in NOT_WHAT_THEIR_NAME_SAYS
    ]
    pairs, read, real = Counter(told), Counter(it for _, it in told), Counter(it for it, _ in told)

    precision = {kind: pairs[kind, kind] / read[kind] for kind in ("bounce", "spam_report", "machine")}
    recall = {kind: pairs[kind, kind] / real[kind] for kind in ("bounce", "spam_report", "machine")}
    assert precision["bounce"] >= 0.99
    assert recall["bounce"] >= 0.97
    assert precision["spam_report"] == recall["spam_report"] == 1.0
    assert recall["machine"] == 1.0


def test_permanent_and_temporary_agree_with_the_status_save_for_full_mailboxes():
    known = statuses()
    wrong = []
    for path, raw in collected():
        came = read_mail(raw)
        if path.stem not in known or AS[came.kind] != "bounce":
            continue
        expected = "permanent" if "5" in known[path.stem] else "temporary"
        if came.kind != expected and not all(it.kind == "full" for it in came.failed):
            wrong.append((path.stem, expected, came.kind))

    assert wrong == []


def test_no_address_is_called_dead_for_a_full_mailbox_or_a_temporary_trouble():
    for _, raw in collected():
        for failed in read_mail(raw).failed:
            if failed.status.startswith("4") or failed.kind == "full":
                assert not failed.permanent
