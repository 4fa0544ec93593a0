"""Coming in: a second step for everybody, the same answer for everybody else, and sessions that end when they should."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from tests.staff import NOW, PASSWORD, SECRET, member, signed_in
from tideover.access import lockout
from tideover.access.actions import change_role, invite, sign_out_everywhere, switch_off, unlock
from tideover.access.models import AuditRow, Tries
from tideover.access.roles import Role

pytestmark = pytest.mark.django_db
SIGN_IN, SECOND, ACCOUNT = "/staff/sign-in/", "/staff/second-step/authenticate/", "/staff/account/"


@pytest.fixture(autouse=True)
def moment(settings, tmp_path):
    """A clock that stands, and can be set."""
    settings.CLOCK_FILE = str(tmp_path / "clock")

    def stand(at):
        (tmp_path / "clock").write_text(at.isoformat())

    stand(NOW)
    return stand


def code():
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def password(client, email, given=PASSWORD):
    return client.post(SIGN_IN, {"login": email, "password": given})


def is_in(client):
    return client.get(ACCOUNT).status_code == 200


def test_password_then_code_opens_and_the_session_is_a_new_one(client):
    agent = member("agent", "north")
    client.get(SIGN_IN)
    client.session.save()

    first = password(client, agent.email)
    before = client.session.session_key
    assert first.url == SECOND
    assert not is_in(client)
    client.post(SECOND, {"code": code()})

    assert is_in(client)
    assert client.session.session_key != before
    assert AuditRow.objects.filter(action="signed_in", actor_id=str(agent.pk)).count() == 1


def test_a_code_opens_once(client):
    agent = member("agent", "north")
    used = code()
    password(client, agent.email)
    client.post(SECOND, {"code": used})

    other = Client()
    password(other, agent.email)
    other.post(SECOND, {"code": used})

    assert not is_in(other)


def test_without_a_second_step_nothing_is_shown_but_the_way_to_set_one_up(client):
    fresh = member("compliance", every_branch=True, second_step=False)
    password(client, fresh.email)

    assert client.get(ACCOUNT).url == "/staff/second-step/"
    assert client.get("/staff/password/").url == "/staff/second-step/"
    assert client.get("/staff/second-step/").status_code == 200
    assert client.get("/staff/second-step/totp/activate/").status_code == 200
    assert client.get("/staff/second-step/webauthn/add/").status_code == 200


def test_recovery_codes_alone_are_no_second_step(client):
    fresh = member("agent", second_step=False)
    Authenticator.objects.create(user=fresh, type="recovery_codes", data={"seed": "x", "used_mask": 0})

    assert signed_in(client, fresh).get(ACCOUNT).url == "/staff/second-step/"


def test_the_secret_of_the_app_lies_sealed():
    member("agent")

    assert SECRET not in str(Authenticator.objects.get().data)


@pytest.mark.parametrize("email", ["agent@lender.example", "nobody@lender.example", "resting@lender.example"])
def test_known_unknown_and_resting_get_the_same_answer(client, email):
    member("agent")
    member("lead", name="resting", is_active=False)
    wrong = "not the right words" if email.startswith("agent") else PASSWORD

    answer = password(client, email, wrong)

    assert answer.status_code == 200
    said = re.findall(r'role="alert">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert [re.sub(r"<.*?>", "", it).strip() for it in said] == [
        "The mail address or the password is not right."
    ]


def failed_tries(client, email):
    for _ in range(lockout.MOST_FAILED):
        password(client, email, "not the right words")


@pytest.mark.parametrize("email", ["agent@lender.example", "nobody@lender.example"])
def test_after_five_wrong_passwords_the_door_rests_whoever_asks(client, email, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    member("agent")
    failed_tries(client, email)

    answer = password(Client(), email)

    assert b"Too many tries" in answer.content
    assert AuditRow.objects.filter(action="door_locked").count() == 1


def test_the_door_opens_by_itself_and_rests_longer_each_time(client, moment, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    agent = member("agent")
    failed_tries(client, agent.email)
    moment(NOW + timedelta(minutes=16))
    failed_tries(client, agent.email)

    moment(NOW + timedelta(minutes=40))
    still = password(client, agent.email)
    moment(NOW + timedelta(minutes=47))
    open_again = password(client, agent.email)

    assert b"Too many tries" in still.content
    assert open_again.url == SECOND
    assert Tries.objects.count() == 0


def test_whoever_manages_staff_opens_it_at_once(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    agent = member("agent")
    failed_tries(client, agent.email)

    unlock(staff=agent, by=member("admin"), at=NOW)

    assert password(client, agent.email).url == SECOND


def test_wrong_codes_lock_the_second_step_and_a_right_password_does_not_open_it(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    agent = member("agent")
    for _ in range(lockout.MOST_FAILED):
        password(client, agent.email)
        client.post(SECOND, {"code": "000000"})

    other = Client()
    password(other, agent.email)
    other.post(SECOND, {"code": code()})

    assert not is_in(other)


def test_guessing_a_code_all_day_gets_few_tries():
    tries, at = 0, NOW
    while at < NOW + timedelta(days=1):
        try:
            lockout.try_door(lockout.second_step_door(7), at)
            tries += 1
        except lockout.LockedOut:
            at += timedelta(minutes=1)

    assert tries <= 30


ENDS = {
    "another role": lambda staff, admin: change_role(
        staff=staff, role=Role.LEAD, branches=["north"], sees_every_branch=False, by=admin, at=NOW
    ),
    "another branch": lambda staff, admin: change_role(
        staff=staff, role=Role.AGENT, branches=["south"], sees_every_branch=False, by=admin, at=NOW
    ),
    "switched off": lambda staff, admin: switch_off(staff=staff, by=admin, at=NOW),
    "everywhere": lambda staff, admin: sign_out_everywhere(staff=staff, by=staff, at=NOW),
}


@pytest.mark.parametrize("how", ENDS)
def test_every_session_ends_at_once(how, client):
    agent = member("agent", "north")
    signed_in(client, agent)
    assert is_in(client)

    ENDS[how](agent, member("admin"))

    assert not is_in(client)


def test_a_new_password_ends_every_session(client):
    agent = member("agent", "north")
    here, there = signed_in(Client(), agent), signed_in(Client(), agent)

    new = {
        "oldpassword": PASSWORD,
        "password1": "five other quiet words now",
        "password2": "five other quiet words now",
    }
    here.post("/staff/password/", new)

    assert not is_in(here)
    assert not is_in(there)
    assert AuditRow.objects.filter(action="password_changed").exists()


def test_opening_a_link_changes_nothing_and_sending_the_form_does(client):
    staff, token = invite(email="new@lender.example", name="New", role=Role.AGENT, by=None, at=NOW)
    link = f"/staff/join/{token}/"

    assert client.get(link).status_code == client.get(link).status_code == 200
    assert client.post(link, {"password": "short"}).status_code == 200
    assert client.post(link, {"password": PASSWORD}).url == SIGN_IN
    assert client.get(link).status_code == 410
    assert password(client, staff.email).url == ACCOUNT


@pytest.mark.parametrize("page", ["signup/", "staff/signup/", "staff/sign-up/", "staff/password/reset/"])
def test_nobody_signs_up_or_asks_for_a_password_by_mail(client, page):
    assert client.get(f"/{page}").status_code == 404
