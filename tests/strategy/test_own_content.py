"""The lender's own rules, lists and messages are part of a release: a change of them waits for a second person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.people import fresh_payments, late
from tests.recording import recorded
from tests.staff import NOW, member
from tests.strategy.drafts import agree, live
from tideover.engine.policy.content import SHIPPED as CONTENT
from tideover.engine.policy.content import ContentRefused
from tideover.engine.policy.strategy import find_strategy
from tideover.kit.errors import Refused
from tideover.strategy.diffs import compared_with, diff_of
from tideover.strategy.gate import Asked, foresee
from tideover.strategy.models import Release
from tideover.strategy.own_content import NotAsPublished, content_in_force, lay_out, not_yet_agreed, spoken_by
from tideover.strategy.publishing import AlreadyLive, SpeaksOtherwise, publish
from tideover.strategy.releases import _setup, ensure_shipped, setup_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
HOURS = "rules/_default/default_hours.yaml"


@pytest.fixture(autouse=True)
def own(settings, tmp_path):
    """A lender with a shorter day of its own, live since a month."""
    settings.DATA, settings.CONTENT = tmp_path / "data", tmp_path / "own"
    _setup.cache_clear()
    day_until(settings.CONTENT, "18:00")
    ensure_shipped(at=NOW - timedelta(days=30))
    yield settings.CONTENT
    _setup.cache_clear()


def day_until(folder, hour):
    text = (CONTENT / HOURS).read_text("utf-8")
    assert "08:00-20:00" in text
    (folder / HOURS).parent.mkdir(parents=True, exist_ok=True)
    (folder / HOURS).write_text(text.replace("08:00-20:00", f"08:00-{hour}"), "utf-8")


def is_open_late():
    """Whether the gate lets a message go at half past five, to somebody in a country of which we have no rules."""
    at = NOW.replace(hour=17, minute=30)
    seen = foresee(Asked("asha", "asha-loan-1", "email"), occasion="early_help", at=at)
    return seen.send_at == at


def everyday(settings):
    return find_strategy("everyday", settings.CONTENT)


@pytest.fixture
def asha():
    recorded(
        late("asha", country="NZ", zone="UTC"), fresh_payments(int(NOW.timestamp()) + 86_400 * 3), at=NOW
    )


def test_what_was_approved_stays_in_force_until_a_change_is_approved_too(own, settings, asha):
    assert is_open_late()

    day_until(own, "17:00")
    _setup.cache_clear()
    assert is_open_late()
    assert not_yet_agreed() == [f"content/{HOURS}"]

    live(everyday(settings), by=member("strategist"), second=member("approver"), at=LATER)
    assert not is_open_late()
    assert not_yet_agreed() == []


def test_a_change_is_asked_for_shown_line_by_line_and_ramps_like_any_release(own, settings):
    before = Release.objects.get(state="live")
    day_until(own, "17:00")

    waiting = publish(everyday(settings), by=member("strategist"), at=NOW)

    assert (waiting.state, waiting.differs["changed"]) == ("waiting", [f"content/{HOURS}"])
    assert waiting.hash != before.hash
    (told,) = diff_of(waiting, compared_with(waiting))
    assert (told.path, told.added, told.removed) == (f"content/{HOURS}", 1, 1)
    assert agree(waiting, by=member("approver"), at=LATER).state == "ramping"


def test_a_decision_cites_the_release_with_all_that_it_stood_on(own, settings):
    release = Release.objects.get(state="live")

    assert setup_of(release.hash).strategy.hash == release.hash
    assert setup_of(release.hash).plan(int(NOW.timestamp())).strategy.hash == release.hash


def test_a_list_of_the_lenders_own_counts_as_it_was_approved(own, settings):
    holds = (CONTENT / "holds.yaml").read_text("utf-8")
    (own / "holds.yaml").write_text(
        holds.replace(
            "represented:     {passes: [duty, answer]", "represented:     {passes: [duty, answer, receipt]"
        ),
        "utf-8",
    )
    _setup.cache_clear()
    passes = setup_of(Release.objects.get(state="live").hash).strategy.lists.holds["represented"].passes
    assert "receipt" not in passes

    new = live(everyday(settings), by=member("strategist"), second=member("approver"), at=LATER)

    assert "receipt" in setup_of(new.hash).strategy.lists.holds["represented"].passes
    assert (content_in_force() / "holds.yaml").is_file()


def test_words_are_spoken_as_they_were_approved(own):
    (own / "messages" / "reply").mkdir(parents=True)
    (own / "messages" / "reply" / "en.md").write_text("not yet agreed", "utf-8")

    assert content_in_force() != own
    assert not (content_in_force() / "messages").exists()


def test_what_is_wrong_in_a_rule_or_message_is_said_and_nothing_is_asked(own, settings):
    (own / HOURS).write_text("id: default_hours\nkind: window\n", "utf-8")
    with pytest.raises(Refused):
        publish(everyday(settings), by=member("strategist"), at=NOW)

    day_until(own, "18:00")
    (own / "messages" / "early_help").mkdir(parents=True)
    (own / "messages" / "early_help" / "en.md").write_text("You are late and must pay now!", "utf-8")
    with pytest.raises(ContentRefused):
        publish(everyday(settings), by=member("strategist", name="another"), at=NOW)

    assert Release.objects.count() == 1


def test_a_draft_of_a_strategy_in_that_folder_changes_no_release(own, settings):
    (own / "strategies" / "mine").mkdir(parents=True)
    (own / "strategies" / "mine" / "strategy.yaml").write_text("says: A draft.\n", "utf-8")

    assert not_yet_agreed() == []


def test_a_file_laid_beside_what_was_approved_stops_it(own, settings):
    setup_of(Release.objects.get(state="live").hash)
    (content_in_force() / "rules" / "_default" / "more.yaml").write_text("id: more\n", "utf-8")
    _setup.cache_clear()

    with pytest.raises(NotAsPublished):
        setup_of(Release.objects.get(state="live").hash)


def test_without_content_of_their_own_a_release_has_the_strategys_own_name(settings, tmp_path):
    settings.CONTENT = None
    Release.objects.all().delete()

    release = ensure_shipped(at=NOW)

    assert setup_of(release.hash).strategy.hash == release.hash
    assert not [it for it in release.files if it.startswith("content/")]


def test_a_release_from_before_goes_by_the_folder_as_it_is_until_the_next(own, settings, asha):
    Release.objects.update(carries_content=False)
    day_until(own, "17:00")
    _setup.cache_clear()

    assert content_in_force() == own
    assert not is_open_late()


def test_a_release_from_before_carries_its_content_once_it_is_published_again_though_nothing_is_new(
    own, settings, asha
):
    (own / HOURS).unlink()
    Release.objects.all().delete()
    ensure_shipped(at=NOW)
    Release.objects.update(carries_content=False)
    _setup.cache_clear()

    with pytest.raises(AlreadyLive):
        publish(everyday(settings), by=member("strategist"), at=LATER)
    day_until(own, "17:00")
    _setup.cache_clear()

    assert not_yet_agreed() == [f"content/{HOURS}"]
    assert is_open_late()


def test_new_messages_do_not_ramp_for_everybody_is_spoken_to_from_the_same_ones(own, settings):
    (own / "messages").mkdir(exist_ok=True)
    shipped = next((CONTENT / "messages").rglob("en.md"))
    mine = own / shipped.relative_to(CONTENT)
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text(shipped.read_text("utf-8"), "utf-8")
    strategist = member("strategist")

    with pytest.raises(SpeaksOtherwise):
        publish(everyday(settings), by=strategist, at=LATER)
    waiting = publish(everyday(settings), by=strategist, at=LATER, whole=True)
    before = content_in_force()
    agree(waiting, by=member("approver"), at=LATER)

    assert content_in_force() != before
    assert spoken_by() == waiting.hash


def test_while_one_process_lays_files_out_another_reads_each_of_them_whole(tmp_path):
    texts, folder = [letter * 1_000_000 for letter in "ab"], tmp_path / "laid"
    lay_out(folder, {"long.md": texts[0]})

    with ThreadPoolExecutor() as pool:
        laying = pool.submit(lambda: [lay_out(folder, {"long.md": it}) for it in texts * 20])
        seen = set()
        while not laying.done():
            seen.add((folder / "long.md").read_text("utf-8"))

    assert seen <= set(texts)
    assert [it.name for it in folder.iterdir()] == ["long.md"]
