"""What a relay's refusal for now is about: the way, which others wait for too, or one mailbox."""

import pytest

from tideover.delivery.channels import Busy
from tideover.delivery.channels.email.replies import refusal


@pytest.mark.parametrize(
    ("code", "said", "reason"),
    [
        (450, "4.7.1 Too many messages from your address, slow down", "rate"),
        (451, "throttled, try again later", "rate"),
        (450, "4.2.1 The user you write to is receiving mail at a rate that prevents more", "deferred"),
        (450, "4.2.0 Greylisted", "deferred"),
        (452, "4.2.2 Mailbox full", "deferred"),
        (535, "5.7.8 Authentication failed", "not_admitted"),
    ],
)
def test_a_refusal_for_now_says_what_it_is_about(code, said, reason):
    error = refusal(code, said, to_recipient=True)

    assert isinstance(error, Busy)
    assert error.reason == reason
