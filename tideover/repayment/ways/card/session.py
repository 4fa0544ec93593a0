"""One Checkout Session: the page at Stripe on which this payment is made."""

from __future__ import annotations

import stripe
from stripe.params.checkout import SessionCreateParams

from tideover.repayment.ways.card.settings import StripeSettings
from tideover.repayment.ways.contract import Ask, DoesNotAnswer, Redirect

LANGUAGES = {"en": "en", "lv": "lv", "vi": "vi"}
"""Of ours those that the page speaks; for all others it goes by the browser."""

SECONDS = 10


def session_for(ask: Ask, settings: StripeSettings) -> Redirect:
    """Where the browser goes. The same payment asked for again is the same session. Raises DoesNotAnswer."""
    client = stripe.StripeClient(
        settings.key, base_addresses={"api": settings.address}, max_network_retries=1,
        http_client=stripe.HTTPXClient(timeout=SECONDS, allow_sync_methods=True),
    )  # fmt: skip
    try:
        made = client.v1.checkout.sessions.create(_params(ask), {"idempotency_key": f"tideover-{ask.code}"})
    except stripe.StripeError as error:
        # Its words may repeat what was sent; its code says enough.
        raise DoesNotAnswer(
            f"The page for cards does not open now ({error.code or type(error).__name__})."
        ) from None
    if not made.url:
        raise DoesNotAnswer("The page for cards does not open now (no address).")
    return Redirect(made.url, made.id)


def _params(ask: Ask) -> SessionCreateParams:
    named = {"tideover": ask.code}
    return {
        "mode": "payment",
        "client_reference_id": ask.code,
        "locale": LANGUAGES.get(ask.language, "auto"),
        "success_url": ask.back_to,
        "cancel_url": ask.back_to,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": ask.amount.currency.lower(),
                    "unit_amount": ask.amount.minor,
                    # What stands on the page and on the slip: a number, and no word of a loan.
                    "product_data": {"name": ask.reference},
                },
            }
        ],
        "metadata": named,
        "payment_intent_data": {"metadata": named},
    }
