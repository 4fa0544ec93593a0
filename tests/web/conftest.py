"""What the stories of pages share: a clock, and somewhere for answers to arrive."""

import sys
from types import ModuleType

import pytest

from tests.web.scene import clock_at
from tideover import delivery
from tideover.book.actions import record
from tideover.delivery.models import Answer


@pytest.fixture(autouse=True)
def clock(settings, tmp_path):
    settings.DATA = tmp_path
    clock_at(settings, tmp_path)


@pytest.fixture
def arrived(monkeypatch):
    """Where answers arrive. How they are understood is told elsewhere; a stop takes every consent back."""
    came = []

    def receive(*, person_id, channel, text, at, message=None, outside_id="", kind=None):
        answer, is_new = Answer.objects.get_or_create(
            outside_id=outside_id,
            defaults={
                "message": message, "person_id": person_id, "channel": channel, "kind": kind or "unclear",
                "certain": bool(kind), "text": text or None, "at": at,
            },
        )  # fmt: skip
        if is_new:
            came.append((person_id, kind, text))
        if is_new and kind == "stop":
            withdrawn = {"person_id": person_id, "channel": "all", "purpose_class": "all", "withdrawn_at": at}
            record("consents", [withdrawn], source="answers", at=at)
        return answer

    answers = ModuleType("tideover.delivery.answers")
    answers.receive = receive
    monkeypatch.setitem(sys.modules, "tideover.delivery.answers", answers)
    monkeypatch.setattr(delivery, "answers", answers, raising=False)
    return came
