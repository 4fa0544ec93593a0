"""Which channels there are, and the ones in which accepting is keeping."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import yaml

import tideover.delivery.channels.register as register
from tests.delivery.messages import AT, message, sent
from tideover.delivery.channels import NotConnected, TooLate, Withdrawn, channel_names, open_channel

CHANNELS = Path(register.__file__).parent
CONTENT = CHANNELS.parents[1] / "content"


def test_every_channel_of_the_closed_list_can_be_opened():
    listed = yaml.safe_load((CONTENT / "channels.yaml").read_text("utf-8"))["channels"]

    assert set(listed) <= set(channel_names())


@pytest.mark.parametrize("name", register.OURS)
def test_a_channel_is_a_folder_that_explains_itself(name):
    assert (CHANNELS / name / "transport.py").exists()
    assert (CHANNELS / name / "README.md").read_text("utf-8").startswith(f"# {name}\n")


@pytest.mark.parametrize("name", ["app", "call", "visit"])
async def test_what_is_kept_is_accepted_under_its_own_id(name):
    async def no():
        return False

    channel = open_channel(name, {})

    assert (await sent(channel, message())).reference == "i1"
    with pytest.raises(TooLate):
        await sent(channel, message(use_by=AT))
    with pytest.raises(Withdrawn):
        await sent(channel, message(), may_leave=no)


def test_a_channel_of_ones_own_takes_the_place_of_ours(monkeypatch):
    own = EntryPoint("sms", "tideover.delivery.channels.app:open_channel", register.GROUP)
    monkeypatch.setattr(register, "entry_points", lambda group: [own])

    assert open_channel("sms", {}).name == "app"


def test_two_packages_with_one_name_are_refused(monkeypatch):
    own = EntryPoint("fax", "tideover.delivery.channels.app:open_channel", register.GROUP)
    monkeypatch.setattr(register, "entry_points", lambda group: [own, own])

    with pytest.raises(NotConnected):
        channel_names()


def test_a_channel_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(NotConnected, match="email"):
        open_channel("pigeon", {})


def test_a_message_shows_nobody_when_it_is_logged():
    assert "asha" not in repr(message())
    assert "Friday" not in repr(message())
