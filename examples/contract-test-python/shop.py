# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""The code under test: how a shop takes money. It knows nothing of the mock."""

import stripe


class Shop:
    def __init__(self, client: stripe.StripeClient):
        self.client = client

    def pay(self, amount: int, card: str, order: str) -> str:
        """Charges a card once per order; says what to show to the customer."""
        try:
            intent = self.client.v1.payment_intents.create(
                {"amount": amount, "currency": "usd", "payment_method": card, "confirm": True,
                 "return_url": "https://shop.example/back", "metadata": {"order": order}},
                {"idempotency_key": f"order-{order}"})
        except stripe.CardError as refusal:
            return f"declined: {refusal.error.decline_code or refusal.code}"
        if intent.status == "requires_action":
            return f"go to {intent.next_action.redirect_to_url.url}"
        return intent.status

    def finish(self, intent: str) -> str:
        """What the return page shows: the status is the API's, not the address's."""
        return self.client.v1.payment_intents.retrieve(intent).status
