"""Somebody is invited, chooses a password, sets up an app and a passkey, and comes in by each of them."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.journeys.looking import looked_at
from tests.staff import PASSWORD
from tideover.access.actions import invite
from tideover.access.clock import now
from tideover.access.models import AuditRow
from tideover.access.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)


def code(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def a_device_with_passkeys(page):
    """A virtual device that knows its owner's finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page):
    page.get_by_role("link", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/staff/sign-in/")


def test_staff_come_in_by_password_and_app_and_then_by_passkey_alone(page, live_server):
    staff, token = invite(
        email="asha@lender.example", name="Asha", role=Role.AGENT, branches=["north"], by=None, at=now()
    )
    a_device_with_passkeys(page)

    page.goto(f"{live_server.url}/staff/join/{token}/")
    looked_at(page, "join")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    looked_at(page, "sign-in")
    page.get_by_label("Mail address").fill(staff.email)
    page.get_by_label("Password").fill("not the right words")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("is not right").wait_for()
    looked_at(page, "sign-in-wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url("**/staff/second-step/")
    looked_at(page, "second-step-missing")
    page.get_by_role("link", name="Set up an app").click()
    looked_at(page, "app")
    secret = page.get_by_label("Or type this key").input_value()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Use this app").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    recovery = page.locator("main li").first.inner_text()
    looked_at(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    looked_at(page, "account")
    sign_out(page)

    page.get_by_label("Mail address").fill(staff.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Second step").wait_for()
    looked_at(page, "second-step")
    page.get_by_label("Code from your app").fill(recovery)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Asha").wait_for()

    page.get_by_role("link", name="Second step").click()
    page.get_by_role("link", name="Add a passkey").click()
    looked_at(page, "again")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    looked_at(page, "add-passkey")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/staff/second-step/")
    looked_at(page, "second-steps")
    page.get_by_role("link", name="Your passkeys").click()
    looked_at(page, "passkeys")
    sign_out(page)

    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Asha").wait_for()

    done = AuditRow.objects.filter(actor_id=str(staff.pk)).order_by("number").values_list("action", flat=True)
    assert list(done) == [
        "staff_joined", "signed_in", "totp_activated", "signed_in", "webauthn_added", "signed_in",
    ]  # fmt: skip
