"""A worker's turn: what somebody in danger wrote has its case before anything long begins."""

import pytest

from tests.people import AT, fresh_payments, late
from tests.recording import recorded
from tests.staff import NOW, member
from tests.web.scene import clock_at
from tideover.cli._turns import lanes_of, turn
from tideover.delivery.models import Answer
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.support.models import Case

pytestmark = pytest.mark.django_db


def test_somebody_in_danger_has_a_case_and_a_colleague_though_the_night_cannot_be_decided(settings, tmp_path):
    clock_at(settings, tmp_path)
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    (settings.DATA / "mirror").write_text("no folder, so no night can be decided")
    recorded(late("mary"), fresh_payments(AT + 86_400))
    ensure_shipped(at=NOW)
    agent = member("agent", "north")
    Answer.objects.create(
        person_id="mary", channel="sms", kind="unclear", certain=False, danger=True, text="I cannot go on", at=NOW,
        outside_id="m-1",
    )  # fmt: skip

    with lanes_of({}) as lanes, pytest.raises(NotADirectoryError):
        turn(lanes, at=NOW)

    assert not Decision.objects.exists()
    case = Case.objects.get()
    assert (case.kind, case.person_id, case.owner) == ("danger", "mary", str(agent.pk))
