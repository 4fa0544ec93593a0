"""The pages of strategies: what differs, what it would do, and the second person's yes or no."""

from datetime import timedelta

import pytest

from tests.people import AT, fresh_payments, late, together
from tests.recording import recorded
from tests.staff import member, signed_in
from tests.strategy.drafts import a_draft, a_quiet_one, agree, live
from tests.web.scene import NOW
from tideover.strategy.models import Release
from tideover.strategy.publishing import publish
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.trials import try_what_waits

pytestmark = pytest.mark.django_db
LIST = "/desk/releases/"
BEFORE = NOW - timedelta(hours=2)


@pytest.fixture
def strategist():
    return member("strategist")


@pytest.fixture
def waiting(tmp_path, strategist):
    ensure_shipped(at=NOW - timedelta(days=30))
    return publish(a_draft(tmp_path), by=strategist, at=BEFORE)


def page(client, address, **posted):
    found = client.post(address, posted, follow=True) if posted else client.get(address)
    return found.content.decode()


def of(release, do=""):
    return f"{LIST}{release.pk}/{do}"


def test_before_anything_was_published_the_page_says_what_to_do(client):
    told = page(signed_in(client, member("lead")), LIST)

    assert "No strategy was published yet" in told
    assert "tideover publish FOLDER" in told


def test_what_decides_and_what_waits_stand_there_with_who_and_when(client, waiting, strategist):
    told = page(signed_in(client, member("lead")), LIST)

    assert told.index("calmer") < told.index("everyday")
    for said in (
        "Waits for a second person",
        "Decides for everybody",
        "by <bdi>Strategist</bdi>",
        "25 November 2026",
    ):
        assert said in told


def test_every_line_that_differs_is_marked_by_its_sign(client, waiting):
    told = page(signed_in(client, member("approver")), of(waiting))

    assert "<code>strategy.yaml</code> changed" in told
    assert (
        'added: </span><span class="sign" aria-hidden="true">+</span><code dir="auto">says: A draft' in told
    )
    assert (
        'taken away: </span><span class="sign" aria-hidden="true">−</span><code dir="auto">says: Leeway'
        in told
    )
    assert f"{waiting.cases} of {waiting.cases} come out" in told
    assert "It waits to be tried on the book" in told


def test_a_second_person_approves_with_one_press_once_it_was_tried(client, waiting):
    recorded(late("mary"), at=BEFORE)
    approver = signed_in(client, member("approver"))
    before = page(approver, of(waiting))
    assert "approved once its trial on your book is done" in before
    assert "Approve calmer" not in before
    assert "It has not been tried on your book yet" in page(approver, of(waiting, "approve"), go="1")
    try_what_waits(by="w", at=NOW)
    tried = page(approver, of(waiting))
    assert "Approve calmer" in tried
    assert "Why it goes live all the same" not in tried

    told = page(approver, of(waiting, "approve"), go="1")

    assert "Decides for 1 % of people" in told
    assert "This share stands for a day first." in told
    assert Release.objects.get(pk=waiting.pk).state == "ramping"


def test_on_a_first_day_whoever_agrees_says_why_and_it_stands_there(client, waiting):
    approver = signed_in(client, member("approver"))
    assert "There was nobody in your book to try it on." in page(approver, of(waiting))
    assert "Say why it is to go live" in page(approver, of(waiting, "approve"), why=" ")

    told = page(approver, of(waiting, "approve"), why="We begin tomorrow")

    assert "Decides for 1 % of people" in told
    assert "We begin tomorrow" in told


def test_whoever_asked_finds_no_button_and_the_door_is_closed(client, waiting, strategist):
    asker = signed_in(client, strategist)
    told = page(asker, of(waiting))
    assert "Somebody else agrees" in told
    assert "Approve calmer" not in told

    told = page(asker, of(waiting, "approve"), go="1")

    assert "approved by somebody else" in told
    assert Release.objects.get(pk=waiting.pk).state == "waiting"


def test_no_is_said_with_a_reason_that_stands_there(client, waiting):
    approver = signed_in(client, member("approver"))
    assert "Say why" in page(approver, of(waiting, "refuse"), why=" ")

    told = page(approver, of(waiting, "refuse"), why="Too early before Christmas")

    assert "Too early before Christmas" in told
    assert Release.objects.get(pk=waiting.pk).state == "refused"


def test_alone_is_marked(client, tmp_path, strategist, settings):
    settings.ONE_PERSON = True
    waiting = publish(a_quiet_one(tmp_path), by=strategist, at=NOW - timedelta(days=1))

    alone = signed_in(client, strategist)
    assert "a night has to pass" in page(alone, of(waiting))
    told = page(alone, of(waiting, "approve"), why="Nobody is in the book")

    assert "Approved alone, after a night" in told
    assert "Approved alone, after a night" in page(alone, LIST)


def test_what_it_would_do_stands_beside_what_is_done_now(client, tmp_path, strategist):
    recorded(together(*(late(f"late-{n}") for n in range(4))), fresh_payments(AT + 86_400 * 9), at=BEFORE)
    ensure_shipped(at=NOW - timedelta(days=30))
    quiet = publish(a_quiet_one(tmp_path), by=strategist, at=BEFORE)
    try_what_waits(by="w", at=NOW)

    told = page(signed_in(client, member("lead")), of(quiet))

    assert "Nobody would newly be spoken to; " in told
    assert "All 4 people, decided for Monday 23 November to Wednesday 25 November 2026" in told
    assert "People by treatment" in told
    assert "late-" not in told


def test_a_share_is_held_let_go_and_asked_to_be_whole(client, waiting, strategist):
    agree(waiting, by=member("approver"), at=BEFORE)
    lead = signed_in(client, member("lead"))
    assert "Held at 1 %" in page(lead, of(waiting, "hold"), why="Calls doubled")
    assert "Let it go on" not in page(lead, of(waiting))

    asker = signed_in(client, strategist)
    assert "goes on, a day from now" in page(asker, of(waiting, "let-go"), go="1")
    assert "It is to decide for everybody at once" in page(asker, of(waiting, "whole"), go="1")

    approver = signed_in(client, member("compliance"))
    assert "Decides for everybody" in page(approver, of(waiting, "approve"), go="1")


def test_one_person_takes_it_back(client, waiting):
    agree(waiting, by=member("approver"), at=BEFORE)

    told = page(signed_in(client, member("lead")), of(waiting, "take-back"), why="Too many calls")

    assert "Taken back" in told
    assert Release.objects.get(state="live").name == "everyday"


def test_after_another_went_live_it_is_published_again(client, waiting, strategist, tmp_path):
    live(a_quiet_one(tmp_path), by=strategist, second=member("approver"), at=BEFORE)

    told = page(signed_in(client, member("compliance")), of(waiting))

    assert "publishes it again" in told
    assert "Approve calmer" not in told


def test_agents_strangers_and_looking(client, waiting):
    assert client.get(LIST).url.startswith("/staff/sign-in/")
    agent = signed_in(client, member("agent", "north"))
    assert agent.get(LIST).status_code == agent.get(of(waiting)).status_code == 403
    assert agent.post(of(waiting, "approve")).status_code == 403
    assert LIST not in page(agent, "/desk/")

    approver = signed_in(client, member("approver"))
    for do in ("approve", "refuse", "take-back"):
        assert approver.get(of(waiting, do)).status_code == 405
    assert approver.post(of(waiting, "sing")).status_code == 404
    assert approver.get(f"{LIST}nothing/").status_code == 404
    assert Release.objects.get(pk=waiting.pk).state == "waiting"


def test_the_list_asks_as_little_of_many_as_of_few(
    client, waiting, strategist, tmp_path, django_assert_num_queries
):
    lead = signed_in(client, member("lead"))
    lead.get(LIST)
    with django_assert_num_queries(6):
        lead.get(LIST)

    for number in range(5):
        draft = a_quiet_one(
            tmp_path, name=f"quiet-{number}", says=f"Nobody is spoken to, in wording {number}."
        )
        publish(draft, by=strategist, at=BEFORE)
    with django_assert_num_queries(6):
        told = page(lead, LIST)

    assert "quiet-4" in told


def test_what_changed_in_the_lenders_own_folder_since_it_was_approved_is_listed(client, settings, tmp_path):
    settings.CONTENT = tmp_path / "own"
    ensure_shipped(at=BEFORE)
    lead = signed_in(client, member("lead"))
    assert "has changed since it was approved" not in page(lead, LIST)

    settings.CONTENT.mkdir()
    (settings.CONTENT / "holds.yaml").write_text("holds: {}\n", "utf-8")

    told = page(lead, LIST)
    assert "has changed since it was approved" in told
    assert "<code>content/holds.yaml</code>" in told
