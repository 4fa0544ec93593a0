"""What machines are told."""

import pytest

from tests.web.scene import NOW, a_message, a_night

pytestmark = pytest.mark.django_db


def test_the_process_is_up_without_asking_anything(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_a_process_that_can_work_is_ready(client):
    said = client.get("/readyz")

    assert (said.status_code, said.json()) == (200, {"ready": True, "troubles": {}})


def test_a_data_folder_that_takes_no_files_is_said(client, settings, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    settings.DATA = blocked / "data"

    said = client.get("/readyz")

    assert (said.status_code, said.json()["troubles"]) == (503, {"data folder": "cannot be written"})


def test_the_outbox_stands_there_in_numbers_that_name_nobody(client, django_assert_num_queries):
    from datetime import timedelta

    a_message(number=1, due_at=NOW - timedelta(seconds=90))
    a_message(number=2, state="suppressed", because="too_late")
    a_message(number=3, state="suppressed", because="Joan's words lack an amount.")
    a_message(number=4, state="unknown")
    a_message(number=5, state="accepted")

    with django_assert_num_queries(5):
        told = client.get("/metrics").content.decode()

    assert 'tideover_backlog_age_seconds{channel="email"} 90.0' in told
    assert 'tideover_messages{state="suppressed"} 2.0' in told
    assert 'tideover_suppressed{because="too_late"} 1.0' in told
    assert "tideover_unknown_share 0.5" in told
    assert "Joan" not in told
    assert "joan" not in told


@pytest.mark.django_db(transaction=True)
def test_the_age_of_the_last_run_is_told(client):
    a_night()

    assert "tideover_last_run_age_seconds 0.0" in client.get("/metrics").content.decode()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "198.51.100.9"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 403),
        ({"REMOTE_ADDR": "198.51.100.9", "HTTP_AUTHORIZATION": "Bearer of numbers"}, 200),
        ({"REMOTE_ADDR": "198.51.100.9", "HTTP_AUTHORIZATION": "Bearer of nothing"}, 403),
        ({"REMOTE_ADDR": "198.51.100.9", "HTTP_AUTHORIZATION": "of numbers"}, 403),
    ],
)
def test_only_this_machine_or_whoever_shows_the_token_reads_the_numbers(client, settings, asked, status):
    settings.METRICS_TOKEN = "of numbers"

    assert client.get("/metrics", **asked).status_code == status


def test_without_a_token_nobody_from_elsewhere_reads_them(client, settings):
    settings.METRICS_TOKEN = ""

    asked = client.get("/metrics", REMOTE_ADDR="198.51.100.9", HTTP_AUTHORIZATION="Bearer ")

    assert asked.status_code == 403
