"""The log of a lender: a line an event, which a machine can read and which tells nobody's story."""

import json
import os
import subprocess
import sys

PROGRAM = """
import django, logging, structlog, sys
django.setup()
structlog.get_logger().warning("round", accepted=3, channel="email\\nforged line")
try:
    raise ValueError("Asha wrote: my secret")
except ValueError:
    structlog.get_logger().error("guard_error", exc_info=True)
    logging.getLogger("some.library").exception("it failed")
logging.getLogger("some.library").info("RCPT TO:<asha@example.org>")
logging.getLogger("tideover.delivery.sending").info("taken")
import types
from django.conf import settings
from django.test import Client
from django.urls import path
def broken(request, token):
    raise RuntimeError(f"no such token {token}")
sys.modules["pages"] = types.ModuleType("pages")
sys.modules["pages"].urlpatterns = [path("broken/<str:token>/", broken)]
settings.ROOT_URLCONF, settings.MIDDLEWARE = "pages", []
for address in ("/nothing/asha-token/", "/broken/asha-token/"):
    Client(raise_request_exception=False).get(address)
"""


def logged(how, tmp_path):
    known = {"TIDEOVER_ENV": "test", "TIDEOVER_LOG": how, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    place = {"TIDEOVER_DATA": str(tmp_path), "TIDEOVER_DATABASE_URL": f"sqlite:///{tmp_path}/t.db"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        env=os.environ | known | place,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


def test_every_line_is_json_and_holds_nothing_that_somebody_wrote(tmp_path):
    told = logged("json", tmp_path)

    lines = [json.loads(it) for it in told.splitlines()]
    assert [it["event"] for it in lines] == ["round", "guard_error", "it failed", "taken", "django.request"]
    assert {"timestamp", "level"} <= set.intersection(*map(set, lines))
    assert lines[0]["channel"] == "email\nforged line"
    assert lines[4] == lines[4] | {"status": 500, "error": "RuntimeError", "route": "broken/<str:token>/"}
    assert "asha" not in told.lower()


def test_for_a_terminal_an_event_is_a_line_too(tmp_path):
    told = logged("text", tmp_path)

    assert len(told.splitlines()) == 5
    assert "asha" not in told.lower()
