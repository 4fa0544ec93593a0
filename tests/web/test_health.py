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

    with django_assert_num_queries(4):
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
