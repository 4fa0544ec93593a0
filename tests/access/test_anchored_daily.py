"""Workers anchor the trail once a day, outside the database; `tideover verify audit` finds by it what was cut or written anew."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.access.test_audit import meddle, some, written_anew
from tests.access.test_parallel import at_once
from tests.cli.running import runner
from tests.staff import NOW
from tideover.access import anchors
from tideover.access.models import AuditHead, AuditRow
from tideover.cli._turns import keep_turning
from tideover.strategy.anchoring import anchor_if_due

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def tideover(monkeypatch, capsys):
    return runner(monkeypatch, capsys)


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    """Our own folder of data, and a folder that stands for another machine."""
    settings.DATA, settings.ANCHOR_FOLDER = tmp_path / "data", tmp_path / "elsewhere"
    settings.ANCHOR_FOLDER.mkdir()
    settings.CLOCK_FILE = str(tmp_path / "clock")
    return settings


def a_worker_runs(places, at):
    """One worker does what there is to do. What it says in the log about the trail."""
    Path(places.CLOCK_FILE).write_text(at.isoformat(), "utf-8")
    with capture_logs() as said:
        keep_turning(once=True)
    return [it for it in said if it["event"].startswith("audit")]


def verified(tideover, *words):
    said = tideover("verify", "audit", *words)
    return said.code, json.loads(said.out.splitlines()[-1])


def cut_off_after(number):
    meddle("DELETE FROM access_auditrow WHERE number > %s", number)
    AuditHead.objects.update(number=number, hash=AuditRow.objects.get(number=number).hash)


def test_the_first_worker_of_a_day_anchors_and_the_others_leave_it(places):
    last = some(3)[-1]

    first, others = (
        a_worker_runs(places, NOW),
        [a_worker_runs(places, NOW + timedelta(hours=it)) for it in (1, 2)],
    )
    tomorrow = a_worker_runs(places, NOW + DAY)

    assert [(it["event"], it["number"], it["hash"]) for it in first] == [("audit_anchored", 3, last.hash)]
    assert others == [[], []]
    assert len(tomorrow) == 1
    names = ["2026-11-25.json", "2026-11-26.json"]
    assert [it.name for it in sorted(anchors.folder().iterdir())] == names
    assert [it.name for it in sorted(places.ANCHOR_FOLDER.iterdir())] == names
    assert anchors.read(places.ANCHOR_FOLDER) == anchors.read()


def test_of_many_workers_at_once_one_anchors():
    some(2)

    with capture_logs() as said:
        at_once(lambda _: anchor_if_due(at=NOW))

    assert [it["event"] for it in said] == ["audit_anchored"]


def test_a_cut_tail_is_found(tideover, places):
    some(5)
    a_worker_runs(places, NOW)
    assert verified(tideover) == (0, {"rows": 5, "anchors": 2, "broken_at": None, "why": "", "holds": True})

    cut_off_after(3)

    code, told = verified(tideover)
    assert (code, told["broken_at"], told["why"]) == (1, 4, "an anchor knows of row 5")


def test_a_chain_written_anew_is_found_though_our_own_anchors_were_written_anew_too(tideover, places):
    some(5)
    a_worker_runs(places, NOW)

    written_anew(3)
    for file in anchors.folder().iterdir():
        file.unlink()
    places.ANCHOR_FOLDER, kept = None, places.ANCHOR_FOLDER
    assert verified(tideover)[0] == 0
    anchors.anchor(at=NOW)

    code, told = verified(tideover, "--anchors", kept)
    assert (code, told["broken_at"]) == (1, 5)
    assert "written anew" in told["why"]


def test_a_broken_trail_is_said_in_the_log_every_day_and_anchored_no_more(tideover, places):
    some(5)
    a_worker_runs(places, NOW)
    cut_off_after(3)

    said = a_worker_runs(places, NOW + DAY)

    assert [(it["event"], it["log_level"]) for it in said] == [("audit_trail_broken", "error")]
    assert "row 5" in said[0]["why"]
    assert len(anchors.read()) == 1
    assert tideover("anchor").code == 2


def test_a_folder_elsewhere_that_is_away_is_said_and_ends_no_worker(tideover, places):
    some(2)
    places.ANCHOR_FOLDER.rmdir()

    said = a_worker_runs(places, NOW)

    assert [it["event"] for it in said] == ["audit_anchored", "audit_not_anchored"]
    assert "TIDEOVER_ANCHOR_FOLDER" in said[1]["why"]
    assert [it.number for it in anchors.read()] == [2]
    refused = tideover("verify", "audit")
    assert (refused.code, "not mounted" in refused.err) == (2, True)


def test_an_anchor_by_hand_is_said_for_paper(tideover, places):
    last = some(2)[-1]
    Path(places.CLOCK_FILE).write_text(NOW.isoformat(), "utf-8")

    said = tideover("anchor")

    assert (said.code, said.out.splitlines()[-1]) == (0, f"{NOW.isoformat()}  row 2  {last.hash}")
    assert verified(tideover)[1]["anchors"] == 2


def test_anchors_that_are_not_there_are_refused(tideover, tmp_path):
    said = tideover("verify", "audit", "--anchors", tmp_path / "lost")

    assert (said.code, "no such file or folder" in said.err) == (2, True)
