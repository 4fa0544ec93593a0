"""Whatever is asked, the API answers as its own description says, and never with an error of ours.

A short, seeded walk over every operation: valid and broken requests, wrong methods, missing keys, odd headers.
"""

from functools import partial

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.people import AT, fresh_payments, late, outsider, together
from tests.recording import recorded
from tests.web.api import NOW, system
from tideover.strategy.releases import ensure_shipped
from tideover.web.api.webhooks.endpoints import add_endpoint

load_all_checks()
# A row may name a person whom nobody knows: what fits the description may still be refused, with a reason.
ALL_CHECKS = [it for it in CHECKS.get_all() if it.__name__ != "positive_data_acceptance"]
OUTSIDE = "93.184.215.14"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api(client, live_server, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(
        "tideover.web.api.hooks.add_endpoint", partial(add_endpoint, resolve=lambda *_: [OUTSIDE])
    )
    recorded(together(late("asha"), outsider(), fresh_payments(AT + 86_400)))
    ensure_shipped(at=NOW)
    bank = system(client, "north", a_minute=1_000_000, roles=["agent", "lead"])
    schema = schemathesis.openapi.from_url(f"{live_server.url}/api/openapi.json")
    schema.bank = bank
    return schema


def test_every_operation_keeps_to_its_description(api):
    for result in api.get_all_operations():
        operation = result.ok()
        for mode, examples in ((GenerationMode.POSITIVE, 12), (GenerationMode.NEGATIVE, 12)):
            strategy = operation.as_strategy(generation_mode=mode)
            _walk(strategy, examples, api.bank.key)


def _walk(strategy, examples, key):
    from hypothesis import given

    @given(case=strategy)
    @settings(
        max_examples=examples, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def walk(case):
        case.path_parameters = {**(case.path_parameters or {})}
        if "person_id" in case.path_parameters and len(str(case.path_parameters["person_id"])) % 2:
            case.path_parameters["person_id"] = "asha"
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=ALL_CHECKS)

    walk()
