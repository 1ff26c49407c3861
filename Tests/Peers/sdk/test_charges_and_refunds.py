# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe
from peers import RETURN_URL


@pytest.fixture
def paid(client, customer):
    return client.v1.payment_intents.create({
        "amount": 2000, "currency": "usd", "customer": customer.id, "payment_method": "pm_card_visa", "confirm": True,
        "return_url": RETURN_URL, "description": "A ride"})


def test_the_charge_of_a_payment(client, paid):
    charge = client.v1.charges.retrieve(paid.latest_charge)
    assert (charge.amount, charge.amount_captured, charge.paid, charge.captured) == (2000, 2000, True, True)
    assert (charge.payment_intent, charge.customer, charge.status) == (paid.id, paid.customer, "succeeded")
    assert charge.payment_method_details.type == "card"
    assert charge.payment_method_details.card.last4 == "4242"


def test_the_charge_of_a_decline(client):
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.create({
            "amount": 2000, "currency": "usd", "payment_method": "pm_card_chargeDeclined", "confirm": True,
            "return_url": RETURN_URL})
    charge = client.v1.charges.retrieve(caught.value.error.charge)
    assert (charge.status, charge.paid, charge.failure_code) == ("failed", False, "card_declined")


def test_a_refund_in_full(client, paid):
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert (refund.status, refund.amount, refund.charge) == ("succeeded", 2000, paid.latest_charge)
    charge = client.v1.charges.retrieve(paid.latest_charge)
    assert (charge.refunded, charge.amount_refunded) == (True, 2000)


def test_refunds_in_parts(client, paid):
    client.v1.refunds.create({"charge": paid.latest_charge, "amount": 500})
    assert client.v1.charges.retrieve(paid.latest_charge).refunded is False
    client.v1.refunds.create({"charge": paid.latest_charge, "amount": 1500})
    assert client.v1.charges.retrieve(paid.latest_charge).refunded is True


def test_a_refund_of_too_much(client, paid):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 2001})
    assert (caught.value.code, caught.value.param) == (None, "amount")


def test_a_second_refund_in_full(client, paid):
    client.v1.refunds.create({"payment_intent": paid.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": paid.id})
    assert caught.value.code == "charge_already_refunded"


def test_a_refund_of_what_is_only_held(client):
    held = client.v1.payment_intents.create({
        "amount": 2000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True, "capture_method": "manual",
        "return_url": RETURN_URL})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": held.id})
    assert caught.value.code is None


def test_a_refund_of_nothing(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({})
    assert (caught.value.code, caught.value.param) == (None, None)


def test_a_refund_that_is_done_is_not_canceled(client, paid):
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.cancel(refund.id)


@pytest.mark.parametrize("reason", ["duplicate", "fraudulent", "requested_by_customer"])
def test_reasons_of_refunds(client, paid, reason):
    assert client.v1.refunds.create({"payment_intent": paid.id, "reason": reason}).reason == reason


def test_metadata_of_refunds(client, paid):
    refund = client.v1.refunds.create({"payment_intent": paid.id, "metadata": {"why": "late"}})
    assert client.v1.refunds.update(refund.id, {"metadata": {"who": "me"}}).metadata.to_dict() == {"why": "late", "who": "me"}


@pytest.mark.parametrize("read", ["charges", "refunds", "disputes", "mandates"])
def test_unknown_ones_are_missing(client, read):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client.v1, read).retrieve("none_1")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
