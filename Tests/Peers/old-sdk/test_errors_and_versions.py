# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe
from peers import RETURN_URL
from test_objects import CARD, YES


@pytest.mark.parametrize("token, code, decline", [
    ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
])
def test_declines(token, code, decline):
    with pytest.raises(stripe.error.CardError) as caught:
        stripe.PaymentIntent.create(**{**CARD, "payment_method": token})
    error = caught.value
    assert (error.http_status, error.code, error.error.decline_code) == (402, code, decline)
    assert error.error.payment_intent.status == "requires_payment_method"
    assert error.request_id.startswith("req_")


@pytest.mark.parametrize("params, code, param", [
    ({"currency": "usd"}, "parameter_missing", "amount"),
    ({"amount": "ten", "currency": "usd"}, "parameter_invalid_integer", "amount"),
    ({"amount": 100, "currency": "usd", "customer": "cus_none"}, "resource_missing", "customer"),
    ({"amount": 100, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
])
def test_invalid_requests(params, code, param):
    with pytest.raises(stripe.error.InvalidRequestError) as caught:
        stripe.PaymentIntent.create(**params)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)


def test_what_is_missing():
    with pytest.raises(stripe.error.InvalidRequestError) as caught:
        stripe.PaymentIntent.retrieve("pi_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_a_wrong_status():
    paid = stripe.PaymentIntent.create(**CARD)
    with pytest.raises(stripe.error.InvalidRequestError) as caught:
        paid.cancel()
    assert caught.value.code == "payment_intent_unexpected_state"
    assert caught.value.error.payment_intent.status == "succeeded"


@pytest.mark.parametrize("key", ["sk_live_x", "nonsense"])
def test_authentication(key):
    with pytest.raises(stripe.error.AuthenticationError) as caught:
        stripe.Customer.create(api_key=key)
    assert caught.value.http_status == 401


def test_permission():
    with pytest.raises(stripe.error.PermissionError) as caught:
        stripe.PaymentIntent.create(amount=100, currency="usd", api_key="pk_test_old")
    assert caught.value.http_status == 403


def test_idempotency(key):
    first = stripe.PaymentIntent.create(**CARD, idempotency_key=key)
    again = stripe.PaymentIntent.create(**CARD, idempotency_key=key)
    assert (again.id, again.latest_charge) == (first.id, first.latest_charge)
    assert again.last_response.headers["idempotent-replayed"] == "true"
    with pytest.raises(stripe.error.IdempotencyError):
        stripe.PaymentIntent.create(**{**CARD, "amount": 1}, idempotency_key=key)


@pytest.mark.parametrize("fault, replayed", [({"drop": "answer"}, "true"), ({"status": 503}, None)])
def test_its_retries_pay_once(mock, monkeypatch, customer, fault, replayed):
    monkeypatch.setattr(stripe, "max_network_retries", 2)
    mock.control("faults", {"next": [fault]})
    paid = stripe.PaymentIntent.create(**CARD, customer=customer.id)
    assert paid.last_response.headers.get("idempotent-replayed") == replayed
    assert [charge.id for charge in stripe.Charge.list(customer=customer.id)] == [paid.latest_charge]


def test_a_connection_that_fails(monkeypatch):
    monkeypatch.setattr(stripe, "api_base", "http://127.0.0.1:9")
    with pytest.raises(stripe.error.APIConnectionError):
        stripe.Customer.create()


def test_connected_accounts_are_apart():
    made = stripe.Customer.create(stripe_account="acct_old")
    assert stripe.Customer.retrieve(made.id, stripe_account="acct_old").id == made.id
    with pytest.raises(stripe.error.InvalidRequestError):
        stripe.Customer.retrieve(made.id)


def test_the_version_of_its_time_is_echoed():
    assert stripe.Customer.create().last_response.headers["stripe-version"] == "2022-11-15"


def test_the_capture_of_its_time_was_synchronous():
    assert stripe.PaymentIntent.create(amount=100, currency="usd").capture_method == "automatic"


def test_without_a_version_the_accounts_own_answers(monkeypatch):
    monkeypatch.setattr(stripe, "api_version", None)
    paid = stripe.PaymentIntent.create(**CARD)
    assert paid.status == "succeeded"
    assert paid.last_response.headers["stripe-version"] > "2022-11-15"


def test_one_call_may_ask_for_another_version():
    made = stripe.PaymentIntent.create(amount=100, currency="usd", stripe_version="2018-11-08")
    assert (made.status, made.last_response.headers["stripe-version"]) == ("requires_source", "2018-11-08")
    assert stripe.PaymentIntent.retrieve(made.id).status == "requires_payment_method"


class TestBefore2019:
    """Until 2019-02-11 intents spoke of sources."""

    @pytest.fixture(autouse=True)
    def version(self, settings, monkeypatch):
        monkeypatch.setattr(stripe, "api_version", "2018-11-08")

    def test_requires_source(self):
        made = stripe.PaymentIntent.create(amount=100, currency="usd", allowed_source_types=["card"])
        assert (made.status, made.allowed_source_types) == ("requires_source", ["card"])
        assert "payment_method_types" not in made

    def test_requires_source_action(self):
        waiting = stripe.PaymentIntent.create(**{**CARD, "payment_method": "pm_card_threeDSecure2Required"})
        assert waiting.status == "requires_source_action"
        assert waiting.next_source_action.type == "authorize_with_url"
        assert waiting.next_source_action.authorize_with_url.return_url == RETURN_URL
        assert "next_action" not in waiting

    def test_setup_intents_too(self):
        assert stripe.SetupIntent.create().status == "requires_source"

    def test_an_error_shows_the_old_status(self):
        with pytest.raises(stripe.error.CardError) as caught:
            stripe.PaymentIntent.create(**{**CARD, "payment_method": "pm_card_visa_chargeDeclined"})
        assert caught.value.error.payment_intent.status == "requires_source"

    @pytest.mark.parametrize("status", ["succeeded", "canceled", "requires_capture"])
    def test_other_names_are_the_same(self, status):
        made = stripe.PaymentIntent.create(
            amount=100, currency="usd", payment_method="pm_card_visa",
            capture_method="automatic" if status == "succeeded" else "manual", confirm=YES, return_url=RETURN_URL)
        assert (made.cancel() if status == "canceled" else made).status == status


def test_the_day_of_the_change():
    assert stripe.PaymentIntent.create(amount=100, currency="usd", stripe_version="2019-02-11").status == (
        "requires_payment_method")
