"""The officer's name stands in a message only where the two have met: a name in a list is no relation."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, reachable, row, someone, talked, together
from tests.recording import recorded
from tideover.delivery.guards import guard
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.delivery.words import compose_all
from tideover.strategy.gate import consider
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db
VISITED = {"visits": [row("visits", visit_id="v", person_id="asha", at=AT - 86_400, state="done")]}
MISSED = {"visits": [row("visits", visit_id="v", person_id="asha", at=AT - 86_400, state="missed")]}


def words_for(*known):
    recorded(together(someone("asha", officer_name="Rita Brown"), reachable("asha", "email"), *known))
    ensure_shipped(at=NOW)
    assert consider(
        person_id="asha", occasion="reply", at=NOW, channel="email", values={"answer": "All is well."}
    ).decision
    take(at=NOW)
    message = Message.objects.get()
    guarded = guard([message], at=max(message.send_at, NOW + timedelta(minutes=1)))
    return compose_all(guarded.verdicts, guarded)[message.contact_id].words.text


@pytest.mark.parametrize("known", [VISITED, talked("asha", at=AT - 86_400)], ids=["visited", "talked"])
def test_whoever_has_met_her_is_named(known):
    assert "Rita Brown knows you" in words_for(known)


@pytest.mark.parametrize(
    "known",
    [{}, MISSED, talked("asha", at=AT - 86_400, outcome="no_answer")],
    ids=["never", "missed", "no answer"],
)
def test_whoever_has_not_is_nobody_she_knows(known):
    assert "Rita" not in words_for(known)
