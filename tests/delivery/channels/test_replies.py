"""What a relay's refusal for now is about: the way, which others wait for too, or one mailbox."""

import pytest

from tideover.delivery.channels import Busy, Rejected
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


@pytest.mark.parametrize(
    ("said", "to_recipient", "kind", "leads_nowhere"),
    [
        ("5.1.1 No such user here", True, "bad_address", True),
        ("5.1.1 No such user here", False, "bad_address", True),
        ("No such user here", True, "bad_address", False),
        ("No such user here", False, "other", False),
        ("5.1.8 Sender address rejected: Domain not found", True, "policy", False),
        ("5.1.7 Sender address rejected: not a valid address", False, "policy", False),
        ("5.5.0 Invalid address of the sender", False, "other", False),
    ],
)
def test_an_address_leads_nowhere_only_where_the_relay_says_so_by_its_number(
    said, to_recipient, kind, leads_nowhere
):
    error = refusal(550, said, to_recipient=to_recipient)

    assert isinstance(error, Rejected)
    assert error.kind == kind
    assert (error.kind == "bad_address" and error.permanent) == leads_nowhere
