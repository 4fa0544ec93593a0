"""Samples of the bars that `make prove` runs in full: no forbidden contact, an oracle that can see, every change of a clock."""

import re

import pytest

from tests.reliability import sim_faults, zone_sweep
from tests.reliability.contact_sim import run, run_faults
from tests.reliability.oracle import DEBT_WORDS
from tests.reliability.sim_faults import FAULTS
from tideover.engine.policy.content import SHIPPED


def test_a_sample_of_histories_has_no_contact_that_a_rule_forbids_and_replays_the_same():
    found, again = run(full=False), run(full=False)

    assert found["passed"], found
    assert found["digests"] == again["digests"]


def test_the_oracle_sees_when_the_guards_are_skipped():
    found = run_faults(full=False)

    assert found["passed"], found


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_still_finds_what_it_replaces(fault, monkeypatch):
    started = []
    monkeypatch.setattr(sim_faults, "_start", lambda it: (it.start(), started.append(it)))

    FAULTS[fault]()
    for it in reversed(started):
        it.stop()

    assert started


def test_nothing_leaves_outside_the_hours_around_a_change_of_the_clock():
    found = zone_sweep.run(full=False)

    assert found["passed"], found


@pytest.mark.parametrize("language", ["en", "bn", "lv", "vi", "fa"])
def test_no_cover_as_shipped_has_letters_in_it_that_a_glance_could_take_for_a_debt(language):
    said = [file.read_text("utf-8") for file in (SHIPPED / "messages").glob(f"*/{language}.md")]
    covers = [re.findall(r"^(?:subject|preview): (.+)$", it, re.MULTILINE) for it in said]

    assert sum(map(bool, covers)) > 30
    assert [it for cover in covers for it in cover if DEBT_WORDS.search(it)] == []
