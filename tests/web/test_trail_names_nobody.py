"""The audit trail speaks of people by surrogate: who did what is kept for ever, and about whom ends with an erasure."""

import ast
import json
import re

import pytest

from tests.architecture.tree import name, python_of, text
from tests.delivery.test_privacy import CLERK, HER, lender  # noqa: F401 - a fixture by its name
from tests.web.api import NOW, system
from tideover.access.audit import verify
from tideover.access.models import AuditRow
from tideover.book.surrogates import people_behind, surrogate_of
from tideover.delivery.answers import receive
from tideover.delivery.models import Message
from tideover.delivery.privacy.erasing import erase_subject
from tideover.delivery.privacy.exporting import export_subject
from tideover.delivery.taking_back import take_back

NAMES_NOBODY = (
    "surrogate_of",
    "case:",
    "correction:",
    "scope",
    "stop.scope",
    "surrogate",
    "her",
    "found.hash",
    "release.hash",
    "statement:",
    "debit-file:",
    "debit:",
    "payment-file:",
    "intent:",
    "pay-link:",
    "mandate:",
    "receipt:",
)
"""What may stand after `about=`: a surrogate, or the key of something that is not a person."""


@pytest.mark.django_db(transaction=True)
def test_after_an_erasure_no_row_leads_to_her_and_the_chain_holds(lender, client, tmp_path):  # noqa: F811
    bank = system(client, every_branch=True, roles=["agent"])
    hold = bank.post(f"people/{HER}/holds", {"kind": "hardship"}).json()["hold_id"]
    bank.post(f"people/{HER}/holds/{hold}/lift", {"as_role": "agent"})
    bank.post(f"people/{HER}/name", {"name": "Zuleikha"})
    bank.post("addresses", {"person_id": HER, "channel": "email", "value": "z@example.org"})
    message = Message.objects.filter(person_id=HER, purpose="note").get()
    receive(person_id=HER, channel="email", kind="stop", at=NOW, outside_id="s", message=message)
    take_back(message=message, kind="stop", at=NOW)
    export_subject(HER, tmp_path / "out", at=NOW)
    surrogate = surrogate_of(HER)
    done = set(AuditRow.objects.filter(about=surrogate).values_list("action", flat=True))
    assert people_behind([surrogate]) == {surrogate: HER}

    erase_subject(HER, NOW, CLERK)

    assert {
        "hold_put",
        "hold_lifted",
        "name_told",
        "address_told",
        "stop_taken_back",
        "subject_exported",
    } <= done
    rows = [json.dumps([it.actor_id, it.about, it.detail]) for it in AuditRow.objects.all()]
    assert not any(HER in it or hold in it for it in rows)
    assert people_behind([surrogate]) == {}
    assert verify().holds


def test_whoever_writes_into_the_trail_names_people_by_surrogate():
    found = {}
    for path in python_of("tideover"):
        source = text(path) or ""
        if "access.audit import" not in source:
            continue
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "note":
                found |= {
                    f"{name(path)}:{call.lineno}": ast.unparse(it.value)
                    for it in call.keywords
                    if it.arg == "about"
                }

    assert len(found) > 8
    assert {
        place: it for place, it in found.items() if not re.sub(r"^f?['\"]", "", it).startswith(NAMES_NOBODY)
    } == {}
