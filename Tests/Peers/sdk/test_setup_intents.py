# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe
from peers import MANDATE, RETURN_URL


def make(client, **params):
    return client.v1.setup_intents.create({"payment_method_types": ["card"], **params})


def test_create(client):
    made = make(client)
    assert (made.object, made.status, made.payment_method, made.usage) == (
        "setup_intent", "requires_payment_method", None, "off_session")
    assert made.client_secret.startswith(made.id + "_secret_")


def test_confirm_gives_a_method_of_its_own(client):
    done = client.v1.setup_intents.confirm(make(client).id, {"payment_method": "pm_card_mastercard"})
    assert done.status == "succeeded"
    assert done.payment_method.startswith("pm_") and done.payment_method != "pm_card_mastercard"
    assert done.latest_attempt.startswith("setatt_")


def test_a_saved_card_belongs_to_the_customer_and_pays_later(client, customer):
    done = make(client, customer=customer.id, payment_method="pm_card_visa", confirm=True, usage="off_session")
    assert client.v1.payment_methods.retrieve(done.payment_method).customer == customer.id
    paid = client.v1.payment_intents.create({
        "amount": 1000, "currency": "usd", "customer": customer.id, "payment_method": done.payment_method,
        "off_session": True, "confirm": True})
    assert paid.status == "succeeded"


def test_update_is_kept_through_the_confirm(client):
    made = make(client)
    client.v1.setup_intents.update(made.id, {"description": "for later", "metadata": {"a": "b"}})
    done = client.v1.setup_intents.confirm(made.id, {"payment_method": "pm_card_visa"})
    assert (done.description, done.metadata["a"]) == ("for later", "b")


def test_a_challenge(client):
    waiting = make(
        client, payment_method="pm_card_authenticationRequiredOnSetup", confirm=True, usage="off_session",
        return_url=RETURN_URL)
    assert (waiting.status, waiting.next_action.type) == ("requires_action", "redirect_to_url")


def test_a_decline(client):
    with pytest.raises(stripe.CardError) as caught:
        make(client, payment_method="pm_card_visa_chargeDeclined", confirm=True)
    assert (caught.value.code, caught.value.error.decline_code) == ("card_declined", "generic_decline")
    left = caught.value.error.setup_intent
    assert client.v1.setup_intents.retrieve(left.id).status == "requires_payment_method"


def test_cancel(client):
    gone = client.v1.setup_intents.cancel(make(client).id, {"cancellation_reason": "abandoned"})
    assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")


@pytest.mark.parametrize("end", ["succeeded", "canceled"])
def test_cancel_at_the_end(client, end):
    made = make(client)
    if end == "succeeded":
        client.v1.setup_intents.confirm(made.id, {"payment_method": "pm_card_visa"})
    else:
        client.v1.setup_intents.cancel(made.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.setup_intents.cancel(made.id)
    assert caught.value.code == "setup_intent_unexpected_state"
    assert caught.value.error.setup_intent.status == end


def test_a_wallet_waits_for_the_customer(client, mock, customer):
    waiting = make(
        client, customer=customer.id, payment_method_types=["amazon_pay"], payment_method_data={"type": "amazon_pay"},
        usage="off_session", confirm=True, return_url=RETURN_URL)
    assert waiting.status == "requires_action"
    assert waiting.next_action.redirect_to_url.url.startswith(mock.url)


def test_a_bank_account_is_verified_by_microdeposits(client, customer):
    account = {"account_number": "000123456789", "routing_number": "110000000", "account_holder_type": "individual"}
    waiting = make(
        client, customer=customer.id, payment_method_types=["us_bank_account"],
        payment_method_data={"type": "us_bank_account", "us_bank_account": account, "billing_details": {"name": "Jenny"}},
        mandate_data=MANDATE, confirm=True)
    assert waiting.next_action.type == "verify_with_microdeposits"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.setup_intents.verify_microdeposits(waiting.id, {"descriptor_code": "SM00AA"})
    assert caught.value.code == "payment_method_microdeposit_verification_descriptor_code_mismatch"
    done = client.v1.setup_intents.verify_microdeposits(waiting.id, {"descriptor_code": "SM11AA"})
    assert done.status == "succeeded"
    assert client.v1.mandates.retrieve(done.mandate).status == "active"


def test_verify_microdeposits_where_nobody_waits(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.setup_intents.verify_microdeposits(make(client).id, {"descriptor_code": "SM11AA"})
    assert caught.value.code == "intent_invalid_state"


def test_an_unknown_one_is_missing(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.setup_intents.retrieve("seti_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
