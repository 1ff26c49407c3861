# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe
from peers import MANDATE, RETURN_URL, eventually

# This SDK writes True as "True".
YES = True
CARD = {"amount": 2000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": YES, "return_url": RETURN_URL}


def test_this_is_the_old_client():
    assert stripe.version.VERSION == "5.0.0"


def test_a_customers_life(customer):
    assert stripe.Customer.retrieve(customer.id).name == "Jenny Rosen"
    changed = stripe.Customer.modify(customer.id, metadata={"order": "7"})
    assert changed.metadata["order"] == "7"
    assert customer.delete().deleted
    assert stripe.Customer.retrieve(customer.id).deleted


def test_save_sends_what_has_changed(customer):
    customer.description = "a good one"
    customer.metadata["seen"] = "yes"
    customer.save()
    read = stripe.Customer.retrieve(customer.id)
    assert (read.description, read.metadata["seen"], read.name) == ("a good one", "yes", "Jenny Rosen")


def test_attach_and_detach(customer):
    method = stripe.PaymentMethod.attach("pm_card_visa", customer=customer.id)
    assert (method.customer, method.card.last4) == (customer.id, "4242")
    assert [item.id for item in stripe.PaymentMethod.list(customer=customer.id, type="card")] == [method.id]
    assert method.detach().customer is None
    with pytest.raises(stripe.error.InvalidRequestError):
        method.attach(customer=customer.id)


def test_a_method_is_made():
    method = stripe.PaymentMethod.create(type="amazon_pay", billing_details={"name": "Jenny"})
    assert (method.type, method.billing_details.name, method.customer) == ("amazon_pay", "Jenny", None)


def test_a_saved_method_is_changed(customer):
    method = stripe.PaymentMethod.attach("pm_card_visa", customer=customer.id)
    assert stripe.PaymentMethod.modify(method.id, billing_details={"name": "Joan"}).billing_details.name == "Joan"


def test_create_then_confirm():
    made = stripe.PaymentIntent.create(amount=2000, currency="usd")
    assert made.status == "requires_payment_method"
    paid = made.confirm(payment_method="pm_card_visa", return_url=RETURN_URL)
    assert (paid.status, paid.amount_received) == ("succeeded", 2000)
    assert paid.latest_charge.startswith("ch_")


@pytest.mark.parametrize("confirm, status", [(True, "succeeded"), (False, "requires_confirmation")])
def test_booleans_as_this_client_writes_them(confirm, status):
    assert stripe.PaymentIntent.create(**{**CARD, "confirm": confirm}).status == status


def test_capture_in_part():
    held = stripe.PaymentIntent.create(**CARD, capture_method="manual")
    assert (held.status, held.amount_capturable) == ("requires_capture", 2000)
    paid = stripe.PaymentIntent.capture(held.id, amount_to_capture=1500)
    assert (paid.status, paid.amount_received) == ("succeeded", 1500)


def test_cancel():
    gone = stripe.PaymentIntent.create(amount=2000, currency="usd").cancel(cancellation_reason="abandoned")
    assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")


@pytest.mark.parametrize("choice, status", [("authorize", "succeeded"), ("fail", "requires_payment_method")])
def test_a_challenge_leads_to_a_page_and_back(choice, status):
    waiting = stripe.PaymentIntent.create(**{**CARD, "payment_method": "pm_card_threeDSecure2Required"})
    assert (waiting.status, waiting.next_action.type) == ("requires_action", "redirect_to_url")
    answer = press(waiting.next_action.redirect_to_url.url, choice)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{RETURN_URL}?payment_intent={waiting.id}&")
    assert stripe.PaymentIntent.retrieve(waiting.id).status == status


def test_a_wallet_is_saved_and_pays_later(customer):
    waiting = stripe.SetupIntent.create(
        customer=customer.id, payment_method_types=["amazon_pay"], payment_method_data={"type": "amazon_pay"},
        usage="off_session", confirm=YES, return_url=RETURN_URL, mandate_data=MANDATE)
    assert waiting.status == "requires_action"
    press(waiting.next_action.redirect_to_url.url, "authorize")
    saved = stripe.SetupIntent.retrieve(waiting.id)
    assert saved.status == "succeeded"
    paid = stripe.PaymentIntent.create(
        amount=2000, currency="usd", customer=customer.id, payment_method=saved.payment_method,
        payment_method_types=["amazon_pay"], off_session=YES, confirm=YES)
    assert paid.status == "succeeded"
    assert stripe.PaymentMethod.detach(saved.payment_method).customer is None


def test_a_setup_is_confirmed_and_another_canceled(customer):
    done = stripe.SetupIntent.create(customer=customer.id).confirm(payment_method="pm_card_visa", return_url=RETURN_URL)
    assert (done.status, done.usage) == ("succeeded", "off_session")
    assert stripe.SetupIntent.create().cancel().status == "canceled"


def test_a_bank_debit_settles():
    made = stripe.PaymentIntent.create(
        amount=2000, currency="usd", payment_method_types=["us_bank_account"], payment_method="pm_usBankAccount_success",
        confirm=YES, mandate_data=MANDATE)
    assert made.status == "processing"
    assert eventually(lambda: stripe.PaymentIntent.retrieve(made.id), "succeeded").status == "succeeded"


def test_refunds():
    paid = stripe.PaymentIntent.create(**CARD)
    refund = stripe.Refund.create(payment_intent=paid.id, amount=500, reason="requested_by_customer")
    assert (refund.status, refund.amount, refund.charge) == ("succeeded", 500, paid.latest_charge)
    assert stripe.Refund.create(charge=paid.latest_charge).amount == 1500
    charge = stripe.Charge.retrieve(paid.latest_charge)
    assert (charge.refunded, charge.amount_refunded) == (True, 2000)


def test_expand():
    paid = stripe.PaymentIntent.create(**CARD, expand=["latest_charge", "payment_method"])
    assert isinstance(paid.latest_charge, stripe.Charge) and isinstance(paid.payment_method, stripe.PaymentMethod)
    read = stripe.Charge.retrieve(paid.latest_charge.id, expand=["payment_intent.payment_method"])
    assert read.payment_intent.payment_method.id == paid.payment_method.id


def press(page, choice):
    """The customer's button."""
    return stripe.http_client.requests.post(page, data={"choice": choice}, allow_redirects=False, timeout=10)
