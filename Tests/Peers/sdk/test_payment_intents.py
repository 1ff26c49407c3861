# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe
from peers import MANDATE, RETURN_URL, eventually

CARD = {"amount": 2000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True, "return_url": RETURN_URL}


def make(client, **params):
    return client.v1.payment_intents.create({"amount": 2000, "currency": "usd", **params})


def test_create_without_a_method(client):
    made = make(client)
    assert made.status == "requires_payment_method"
    assert made.payment_method is None
    assert made.amount_received == 0
    assert made.client_secret.startswith(made.id + "_secret_")


def test_create_with_a_method(client):
    assert make(client, payment_method="pm_card_visa").status == "requires_confirmation"


def test_create_and_confirm(client):
    paid = client.v1.payment_intents.create(CARD)
    assert paid.status == "succeeded"
    assert paid.amount_received == 2000
    assert paid.latest_charge.startswith("ch_")


def test_confirm(client):
    made = make(client)
    paid = client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa", "return_url": RETURN_URL})
    assert paid.status == "succeeded"


def test_update_before_confirming(client):
    made = make(client)
    changed = client.v1.payment_intents.update(made.id, {"amount": 3000, "description": "more", "metadata": {"a": "b"}})
    assert (changed.amount, changed.description, changed.metadata["a"]) == (3000, "more", "b")


def test_the_amount_of_a_paid_intent_stays(client):
    paid = client.v1.payment_intents.create(CARD)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.update(paid.id, {"amount": 1})
    assert caught.value.param == "amount"


def test_capture_in_full(client):
    held = client.v1.payment_intents.create({**CARD, "capture_method": "manual"})
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 2000, 0)
    paid = client.v1.payment_intents.capture(held.id)
    assert (paid.status, paid.amount_capturable, paid.amount_received) == ("succeeded", 0, 2000)


def test_capture_in_part(client):
    held = client.v1.payment_intents.create({**CARD, "capture_method": "manual"})
    paid = client.v1.payment_intents.capture(held.id, {"amount_to_capture": 1500})
    assert (paid.status, paid.amount_capturable, paid.amount_received) == ("succeeded", 0, 1500)


def test_capture_of_too_much(client):
    held = client.v1.payment_intents.create({**CARD, "capture_method": "manual"})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.capture(held.id, {"amount_to_capture": 2001})
    assert (caught.value.code, caught.value.param) == ("amount_too_large", "amount_to_capture")


@pytest.mark.parametrize("reason", ["duplicate", "fraudulent", "requested_by_customer", "abandoned"])
def test_cancel_with_a_reason(client, reason):
    made = make(client)
    gone = client.v1.payment_intents.cancel(made.id, {"cancellation_reason": reason})
    assert (gone.status, gone.cancellation_reason) == ("canceled", reason)
    assert gone.canceled_at >= made.created


@pytest.mark.parametrize("call", ["confirm", "capture", "cancel"])
def test_a_canceled_intent_takes_no_more_calls(client, call):
    made = make(client)
    client.v1.payment_intents.cancel(made.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client.v1.payment_intents, call)(made.id)
    assert caught.value.code == "payment_intent_unexpected_state"
    assert caught.value.error.payment_intent.status == "canceled"


@pytest.mark.parametrize("token, code, decline, param, advice", [
    ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline", None, "try_again_later"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds", None, "try_again_later"),
    ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card", None, "do_not_try_again"),
    ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card", None, "do_not_try_again"),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card", "exp_month", "confirm_card_data"),
    ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc", "cvc", "confirm_card_data"),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error", None, "try_again_later"),
    ("pm_card_chargeDeclinedFraudulent", "card_declined", "fraudulent", None, None),
])
def test_declines(client, token, code, decline, param, advice):
    made = make(client)
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.confirm(made.id, {"payment_method": token, "return_url": RETURN_URL})
    error = caught.value
    assert (error.http_status, error.code, error.param) == (402, code, param)
    assert error.error.decline_code == decline
    assert error.error.to_dict().get("advice_code") == advice
    assert error.error.payment_intent.id == made.id
    read = client.v1.payment_intents.retrieve(made.id)
    assert read.status == "requires_payment_method"
    assert read.last_payment_error.code == code
    assert read.amount_received == 0


def test_a_declined_intent_can_be_paid_with_another_card(client):
    made = make(client)
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_chargeDeclined", "return_url": RETURN_URL})
    paid = client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa", "return_url": RETURN_URL})
    assert paid.status == "succeeded"
    assert paid.last_payment_error is None


def test_a_challenged_card_waits_for_its_holder(client):
    waiting = client.v1.payment_intents.create({**CARD, "payment_method": "pm_card_threeDSecure2Required"})
    assert waiting.status == "requires_action"
    assert waiting.next_action.type == "redirect_to_url"
    assert waiting.next_action.redirect_to_url.return_url == RETURN_URL


def test_error_on_requires_action(client):
    with pytest.raises(stripe.CardError) as caught:
        make(client, payment_method="pm_card_threeDSecure2Required", confirm=True, error_on_requires_action=True)
    assert caught.value.code == "authentication_required"
    assert caught.value.error.decline_code == "authentication_not_handled"


def test_off_session_without_authentication(client, customer):
    method = client.v1.payment_methods.attach("pm_card_authenticationRequired", {"customer": customer.id})
    with pytest.raises(stripe.CardError) as caught:
        make(client, customer=customer.id, payment_method=method.id, off_session=True, confirm=True)
    assert caught.value.code == "authentication_required"
    assert caught.value.error.payment_intent.status == "requires_payment_method"


def test_a_saved_card_pays_off_session(client, customer):
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    paid = make(client, customer=customer.id, payment_method=method.id, off_session=True, confirm=True)
    assert paid.status == "succeeded"
    assert paid.customer == customer.id


def test_setup_future_usage_saves_the_method(client, customer):
    paid = client.v1.payment_intents.create({**CARD, "customer": customer.id, "setup_future_usage": "off_session"})
    assert client.v1.payment_methods.retrieve(paid.payment_method).customer == customer.id


REDIRECTS = ["amazon_pay", "ideal", "bancontact", "eps", "p24", "klarna", "paypal", "alipay", "grabpay", "afterpay_clearpay",
             "affirm", "revolut_pay", "mobilepay", "twint"]


@pytest.mark.parametrize("method", REDIRECTS)
def test_methods_that_send_the_customer_away(client, mock, method):
    data = {"type": method, "billing_details": {"name": "Jenny", "email": "jenny@example.com"}}
    waiting = make(
        client, currency=CURRENCIES.get(method, "eur"), payment_method_types=[method], payment_method_data=data,
        confirm=True, return_url=RETURN_URL)
    assert waiting.status == "requires_action"
    action = waiting.next_action[waiting.next_action.type]
    assert action["url"].startswith(mock.url)
    assert action["return_url"] == RETURN_URL


CURRENCIES = {"amazon_pay": "usd", "grabpay": "sgd", "afterpay_clearpay": "usd", "affirm": "usd", "alipay": "usd",
              "mobilepay": "dkk", "twint": "chf"}


def test_a_redirect_needs_a_return_url(client):
    with pytest.raises(stripe.InvalidRequestError):
        make(client, payment_method_types=["amazon_pay"], payment_method_data={"type": "amazon_pay"}, confirm=True)


@pytest.mark.parametrize("token, status", [
    ("pm_usBankAccount_success", "succeeded"), ("pm_usBankAccount_insufficientFunds", "requires_payment_method"),
    ("pm_usBankAccount_accountClosed", "requires_payment_method"),
])
def test_bank_debits_settle_within_seconds(client, token, status):
    made = make(client, payment_method_types=["us_bank_account"], payment_method=token, confirm=True, mandate_data=MANDATE)
    assert made.status == "processing"
    assert eventually(lambda: client.v1.payment_intents.retrieve(made.id), status).status == status


def test_a_bank_debit_needs_a_mandate(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        make(client, payment_method_types=["us_bank_account"], payment_method="pm_usBankAccount_success", confirm=True)
    assert caught.value.code is None


def test_a_bank_debit_that_stays_in_processing_can_be_canceled(client):
    made = make(client, payment_method_types=["us_bank_account"], payment_method="pm_usBankAccount_processing", confirm=True,
                mandate_data=MANDATE)
    assert made.status == "processing"
    assert client.v1.payment_intents.cancel(made.id).status == "canceled"


@pytest.mark.parametrize("field", ["latest_charge", "payment_method", "customer"])
def test_expand(client, customer, field):
    paid = client.v1.payment_intents.create({**CARD, "customer": customer.id, "expand": [field]})
    assert paid[field].id.startswith({"latest_charge": "ch_", "payment_method": "pm_", "customer": "cus_"}[field])


def test_expand_in_depth(client, customer):
    paid = client.v1.payment_intents.create({**CARD, "customer": customer.id})
    read = client.v1.payment_intents.retrieve(paid.id, {"expand": ["latest_charge.customer"]})
    assert read.latest_charge.customer.id == customer.id


@pytest.mark.parametrize("params, code, param", [
    ({"currency": "usd"}, "parameter_missing", "amount"), ({"amount": 100}, "parameter_missing", "currency"),
    ({"amount": 0, "currency": "usd"}, "parameter_invalid_integer", "amount"),
    ({"amount": -5, "currency": "usd"}, "parameter_invalid_integer", "amount"),
    ({"amount": "ten", "currency": "usd"}, "parameter_invalid_integer", "amount"),
    ({"amount": 100_000_000, "currency": "usd"}, "amount_too_large", "amount"),
    ({"amount": 100, "currency": "usd", "customer": "cus_none"}, "resource_missing", "customer"),
    ({"amount": 100, "currency": "usd", "payment_method": "pm_none"}, "resource_missing", "payment_method"),
])
def test_parameters_that_cannot_be(client, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create(params)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)


def test_an_unknown_intent_is_missing(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.retrieve("pi_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_verify_microdeposits_where_nobody_waits(client):
    paid = client.v1.payment_intents.create(CARD)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.verify_microdeposits(paid.id, {"descriptor_code": "SM11AA"})
    assert caught.value.code == "payment_intent_unexpected_state"
