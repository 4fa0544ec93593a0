"""What every page of ours carries, whoever asks, and how a power guards one."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from tests.architecture.tree import ROOT
from tests.staff import member, outsider, signed_in
from tideover.access.allowed import needs
from tideover.access.roles import Power

DEPLOYED = """
import django; django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
"""


def test_a_deployed_lender_passes_every_check():
    about = {"TIDEOVER_PUBLIC_URL": "https://lender.example", "DJANGO_SETTINGS_MODULE": "tideover.settings"}
    given = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
        **about,
        "TIDEOVER_ENV": "production",
        "TIDEOVER_SECRET_KEY": "nine quiet words " * 4,
    }

    done = subprocess.run(
        [sys.executable, "-c", DEPLOYED], cwd=ROOT, env={**given, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.django_db
def test_nothing_inline_runs_and_nothing_comes_from_elsewhere(client):
    policy = client.get("/staff/sign-in/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.django_db
def test_pages_of_staff_stay_out_of_caches_and_frames(client):
    headers = signed_in(client, member("agent", "north")).get("/staff/account/").headers

    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]


@needs(Power.SEE_RESTRICTED_REASONS)
def trail(request):
    return HttpResponse("rows")


def asked_by(user):
    request = RequestFactory().get("/staff/trail/")
    request.user = user
    return trail(request)


@pytest.mark.django_db
def test_a_page_opens_to_those_who_hold_its_power():
    assert asked_by(member("compliance")).content == b"rows"


@pytest.mark.django_db
def test_others_are_told_that_it_is_not_theirs_and_strangers_sign_in_first():
    with pytest.raises(PermissionDenied):
        asked_by(outsider())
    assert asked_by(None).url == "/staff/sign-in/?next=/staff/trail/"
