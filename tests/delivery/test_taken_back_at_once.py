"""What a release said does not leave once it was taken back, be it guarded and about to."""

import asyncio
from datetime import timedelta

import pytest

from tests.people import AT, fresh_payments, late, together
from tests.recording import recorded
from tests.staff import NOW, member
from tests.strategy.drafts import a_draft, live
from tideover.delivery import outbox
from tideover.delivery.group_commit import GroupCommit
from tideover.delivery.guards import guard
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.strategy.ramp import take_back
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_nightly

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def about_to_leave(settings, tmp_path):
    """A release for everybody, and its messages claimed and let through by the guards."""
    settings.DATA = tmp_path / "data"
    recorded(together(*(late(f"late-{n}") for n in range(12))), fresh_payments(AT + 86_400 * 9), at=NOW)
    ensure_shipped(at=NOW - timedelta(days=30))
    release = live(a_draft(tmp_path), by=member("strategist"), second=member("approver"), at=NOW)
    run_nightly(at=NOW)
    take(at=NOW)
    due = Message.objects.order_by("due_at").first()
    at = max(due.due_at, NOW)
    (claimed,) = outbox.claim(worker="w", at=at, most=1, channels=[due.channel])
    (verdict,) = guard([claimed], at=at).verdicts
    assert verdict.may_leave
    return release, verdict, at


def may_begin(verdict, at):
    async def asked():
        async with GroupCommit(lambda: at, judged_at=at, lines={}).running() as commit:
            return await commit.may_begin(verdict)

    return asyncio.run(asked())


def test_it_leaves_while_its_release_decides(about_to_leave):
    _, verdict, at = about_to_leave

    assert may_begin(verdict, at)


def test_it_does_not_leave_once_its_release_was_taken_back_and_is_looked_at_again(about_to_leave):
    release, verdict, at = about_to_leave
    take_back(release, by=member("lead"), at=at)

    assert not may_begin(verdict, at)

    verdict.message.refresh_from_db()
    assert (verdict.message.state, verdict.message.because) == ("queued", "release_changed")
