"""Another system tells us facts: rows are kept or come back with a reason, and nobody reaches into another branch."""

import json
from datetime import timedelta

import pytest

from tests.people import late, outsider, someone
from tests.recording import recorded
from tests.web.api import system
from tideover.access.clock import now
from tideover.book.actions import record
from tideover.book.models import FACTS, Address, Person
from tideover.book.newest import newest_one
from tideover.support.voice.languages import read_in
from tideover.web.api.models import Client
from tideover.web.api.scopes import Scope

pytestmark = pytest.mark.django_db

ASHA = {
    "borrower_id": "asha",
    "language": "en",
    "country": "GB",
    "timezone": "Europe/London",
    "branch": "north",
}
LOAN = {"loan_id": "asha-1", "borrower_id": "asha", "currency": "GBP", "principal": 100_000}
STEP = {"loan_id": "asha-1", "number": 1, "due_on": "2026-12-01", "principal": 10_000, "paid": 0}


@pytest.fixture
def bank(client):
    return system(client, "north")


def told(bank, table, *rows, **more):
    answer = bank.post(f"facts/{table}", {"rows": list(rows), **more})
    return answer.status_code, answer.json()


def test_a_person_her_loan_and_its_schedule_come_in(bank):
    assert told(bank, "borrowers", ASHA)[1]["added"] == 1
    assert told(bank, "loans", LOAN)[1]["added"] == 1
    assert told(bank, "instalments", STEP)[1]["added"] == 1

    kept = FACTS["instalments"].objects.get()
    assert (str(kept.due_on), kept.principal, kept.provenance) == (
        "2026-12-01",
        10_000,
        Client.objects.get().source,
    )
    assert Person.objects.get().branch == "north"


def test_the_same_told_again_is_known_already_and_a_change_within_the_second_is_kept(bank):
    told(bank, "borrowers", ASHA)

    assert told(bank, "borrowers", ASHA)[1] == {
        "table": "borrowers",
        "added": 0,
        "unchanged": 1,
        "refused": [],
    }
    assert told(bank, "borrowers", {**ASHA, "language": "lv"})[1]["added"] == 1


def test_a_loan_keeps_the_currency_it_was_told_with(bank):
    told(bank, "borrowers", ASHA)
    told(bank, "loans", LOAN, {**LOAN, "loan_id": "asha-2"})

    _, said = told(
        bank, "loans", {**LOAN, "currency": "EUR"}, {**LOAN, "loan_id": "asha-2", "principal": 90_000}
    )

    assert (said["added"], [(it["row"], it["column"], it["code"]) for it in said["refused"]]) == (
        1, [(0, "currency", "cannot_change")],
    )  # fmt: skip
    assert set(FACTS["loans"].objects.values_list("currency", flat=True)) == {"GBP"}


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"currency": None}, "currency", "missing_value"),
        ({"currency": "GPB"}, "currency", "unknown_currency"),
        ({"principal": -1}, "principal", "negative_amount"),
        ({"principal": 12.34}, "principal", "unreadable_value"),
        ({"principal": True}, "principal", "unreadable_value"),
        ({"principal": 2**60}, "principal", "amount_too_large"),
        ({"principal": 10**400}, "principal", "amount_too_large"),
        ({"disbursed_on": "01.12.2026"}, "disbursed_on", "unreadable_value"),
        ({"disbursed_on": "9999-12-31"}, "disbursed_on", "placeholder_date"),
        ({"disbursed_on": "2026-02-01", "closed_on": "2026-01-01"}, "closed_on", "dates_out_of_order"),
        ({"kind": "instalments"}, "kind", "unknown_code"),
        ({"principle": 1}, "principle", "unknown_column"),
        ({"recorded_at": "2020-01-01T00:00:00Z"}, "recorded_at", "made_here"),
        ({"borrower_id": "nobody"}, "borrower_id", "orphan"),
        ({"loan_id": "x" * 201}, "loan_id", "too_long"),
        ({"product": "a\r\nb"}, "product", "unreadable_value"),
    ],
)
def test_a_row_that_cannot_be_used_comes_back_with_its_reason_and_the_others_are_kept(
    bank, change, column, code
):
    told(bank, "borrowers", ASHA)

    status, answer = told(bank, "loans", {**LOAN, "loan_id": "bad", **change}, LOAN)

    assert status == 200
    assert [(it["row"], it["column"], it["code"]) for it in answer["refused"]] == [(0, column, code)]
    assert answer["added"] == 1


def test_all_or_none_where_that_is_asked(bank):
    told(bank, "borrowers", ASHA)

    status, answer = told(bank, "loans", LOAN, {**LOAN, "loan_id": "2", "currency": ""}, atomic=True)

    assert (status, answer["code"], answer["refused"][0]["row"]) == (422, "rows_refused", 1)
    assert FACTS["loans"].objects.count() == 0


def test_a_key_twice_in_one_request_is_refused_and_not_guessed(bank):
    answer = told(bank, "borrowers", ASHA, {**ASHA, "language": "lv"})[1]

    assert (answer["added"], answer["refused"][0]["code"]) == (1, "duplicate_key")


def a_little_later():
    """Newer than now; what is of a later day has not been said."""
    return (now() + timedelta(minutes=2)).isoformat()


def test_a_wish_she_told_us_stands_until_a_newer_one_is_told(bank):
    told(bank, "borrowers", ASHA)
    wish = {"person_id": ASHA["borrower_id"], "name": "no_calls", "value": "yes", "set_at": now()}
    record("preferences", [wish], source="person", at=now())

    def say(**more):
        _, answer = told(bank, "preferences", {**wish, "value": "no", "set_at": None, **more})
        return FACTS["preferences"].objects.latest("recorded_at", "id").value, [
            it["code"] for it in answer["refused"]
        ]

    assert say() == ("yes", ["told_differently"])
    assert say(set_at="2020-01-01T10:00:00Z") == ("yes", ["told_differently"])
    assert say(value="yes") == ("yes", [])
    assert say(set_at="2100-01-01T10:00:00Z") == ("yes", ["told_differently"])
    assert say(set_at=a_little_later()) == ("no", [])


def test_the_language_she_chose_stands_until_a_newer_one_is_told(bank):
    told(bank, "borrowers", ASHA)
    read_in(person_id=ASHA["borrower_id"], language="lv", at=now())

    def reads():
        told(bank, "borrowers", ASHA)
        return newest_one("borrowers", borrower_id=ASHA["borrower_id"]).language

    assert reads() == "lv"
    wish = {"person_id": ASHA["borrower_id"], "name": "language", "value": "en"}
    told(bank, "preferences", {**wish, "set_at": a_little_later()})
    assert reads() == ASHA["language"] != "lv"


def test_consents_and_holds_have_doors_of_their_own(bank):
    assert told(bank, "holds", {})[0] == 422


class TestTheOutsider:
    """A system of the south, and people of the north."""

    @pytest.fixture
    def south(self, client):
        recorded(late("asha"))
        recorded(outsider())
        return system(client, "south", name="south")

    @pytest.mark.parametrize(
        ("table", "row"),
        [
            ("borrowers", {**ASHA, "branch": "south"}),
            ("loans", {**LOAN, "loan_id": "new"}),
            ("loans", {**LOAN, "loan_id": "asha-loan-1", "borrower_id": "outsider"}),
            ("instalments", {**STEP, "loan_id": "asha-loan-1", "paid": 10_000}),
            (
                "contact_points",
                {"contact_point_id": "asha-email", "person_id": "outsider", "channel": "email"},
            ),
            (
                "promises",
                {
                    "promise_id": "p",
                    "loan_id": "asha-loan-1",
                    "on": "2026-12-01",
                    "made_at": "2026-11-20T10:00:00Z",
                },
            ),
            ("visits", {"visit_id": "v", "person_id": "asha", "at": "2026-11-20T10:00:00Z"}),
            ("feeds", {"name": "payments", "fresh_until": "2026-11-20T10:00:00Z"}),
        ],
    )
    def test_changes_nothing_of_theirs(self, south, table, row):
        before = FACTS[table].objects.count()

        answer = told(south, table, row)[1]

        assert [it["code"] for it in answer["refused"]] in (["not_yours"], ["orphan"])
        assert FACTS[table].objects.count() == before

    def test_ties_nobody_of_its_own_to_an_address_of_theirs(self, south):
        def tie(address):
            row = {
                "contact_point_id": "new",
                "person_id": "outsider",
                "channel": "sms",
                "address_id": address,
            }
            return [it["code"] for it in told(south, "contact_points", row)[1]["refused"]]

        for key in ("hers", "nobodys", "own"):
            Address.objects.create(address_id=key, channel="sms", value="+15550001111", index="x")
        point = {"channel": "sms", "state": "ok"}
        hers = {**point, "contact_point_id": "asha-new", "person_id": "asha"}
        own = {**point, "contact_point_id": "own", "person_id": "outsider", "address_id": "own"}
        record("contact_points", [{**hers, "address_id": "hers"}, own], source="core", at=now())
        record(
            "contact_points",
            [{**hers, "contact_point_id": "asha-2", "address_id": "told-first"}],
            source="core",
            at=now(),
        )

        assert [tie(it) for it in ("hers", "nobodys", "told-first")] == [["not_yours"]] * 3
        assert [tie(it) for it in ("own", "not-known-yet")] == [[], []]

    def test_learns_no_difference_between_theirs_and_nobodys(self, south):
        def reason(key):
            return told(south, "visits", {"visit_id": "v", "person_id": key, "at": "2026-11-20T10:00:00Z"})[1]

        assert reason("asha") == reason("nobody-at-all")

    def test_puts_nobody_of_its_own_into_their_branch(self, south):
        assert (
            told(south, "borrowers", {**ASHA, "borrower_id": "new"})[1]["refused"][0]["code"] == "not_yours"
        )


class TestTheDoor:
    """Keys, scopes, sizes and rates."""

    def test_nobody_comes_in_without_a_key(self, bank):
        bank.key = "tdo_nobodys"

        answer = bank.post("facts/borrowers", {"rows": [ASHA]})

        assert (answer.status_code, answer.json()["code"]) == (401, "no_key")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    def test_every_operation_asks_for_a_key_and_for_its_scope(self, client):
        paths = client.get("/api/openapi.json").json()["paths"]
        without = system(client, every_branch=True, scopes=[], name="without")

        for path, operations in paths.items():
            for method in operations:
                where = (
                    path.replace("{table}", "loans")
                    .replace("{webhook_id}", "1")
                    .replace("{", "")
                    .replace("}", "")
                )
                ask = getattr(client, method)
                assert ask(where, content_type="application/json").status_code == 401, path
                headers = {"Authorization": f"Bearer {without.key}"}
                answer = ask(where, content_type="application/json", headers=headers)
                assert (answer.status_code, answer.headers["Cache-Control"]) == (403, "no-store"), path

    def test_a_path_cannot_forge_a_line_of_the_log_for_none_holds_it(self, bank, caplog):
        answer = bank.get("people/a%0d%0aINFO forged/messages")

        assert answer.status_code == 404
        assert not [it for it in caplog.records if "forged" in it.getMessage()]

    def test_a_revoked_key_opens_nothing(self, bank):
        from tests.web.api import NOW
        from tideover.web.api.clients import revoke_client
        from tideover.web.api.models import Client

        revoke_client(client=Client.objects.get(), at=NOW)

        assert bank.post("facts/borrowers", {"rows": [ASHA]}).status_code == 401

    def test_the_key_itself_is_kept_nowhere(self, bank):
        from tideover.access.models import AuditRow
        from tideover.web.api.models import Client

        kept = json.dumps([*Client.objects.values(), *AuditRow.objects.values("detail")], default=str)
        assert bank.key not in kept

    def test_a_key_does_only_what_its_scopes_say(self, client):
        reader = system(client, "north", scopes=[Scope.READ_DECISIONS])

        answer = reader.post("facts/borrowers", {"rows": [ASHA]})

        assert (answer.status_code, answer.json()["scope"]) == (403, "facts:write")

    def test_too_many_requests_in_a_minute_wait(self, client):
        slow = system(client, "north", a_minute=2)

        answers = [slow.get("decisions") for _ in range(3)]

        assert [it.status_code for it in answers] == [200, 200, 429]
        assert 0 < int(answers[2].headers["Retry-After"]) <= 60

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400),
            (b"[]", 400),
            (b"\xff\xfe", 400),
            (b'{"rows": [{"borrower_id": NaN}]}', 400),
            (b"[" * 200_000, 400),
            (b'{"rows": [{"borrower_id": "\\ud800"}]}', 400),
            (b'{"rows": [{"borrower_id": "a\\u0000"}]}', 400),
            (b'{"rows": [], "more": 1}', 422),
            (b'{"rows": ["text"]}', 422),
            (b" " * 2_000_001, 413),
        ],
    )
    def test_a_body_that_cannot_be_read_is_said_so(self, bank, body, status):
        answer = bank.post("facts/borrowers", body)

        assert answer.status_code == status
        assert answer.json()["detail"]

    @pytest.mark.parametrize(
        "path", ["people/%00/messages", "people/%ff/decision", "nowhere", "people/a%2fb/decision"]
    )
    def test_a_path_that_leads_nowhere_is_not_found(self, bank, path):
        answer = bank.get(path)

        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_field_after_the_question_mark_that_is_not_known_is_refused(bank):
    assert bank.get("decisions?sinse=2026-01-01T00:00:00Z").json()["code"] == "unknown_field"


def test_the_description_of_the_api_is_open_to_all(client):
    told = client.get("/api/openapi.json").json()

    assert told["openapi"].startswith("3.")
    for path, operations in told["paths"].items():
        for operation in operations.values():
            assert {"400", "401", "403", "404", "409", "422", "429"} <= set(operation["responses"]), path


def test_a_person_of_no_branch_is_seen_by_those_who_see_all(client):
    recorded(someone("homeless", branch=None))

    assert system(client, "north", name="n").get("people/homeless/messages").status_code == 404
    assert system(client, every_branch=True, name="all").get("people/homeless/messages").status_code == 200
