# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import concurrent.futures

import pytest
import stripe
from peers import RETURN_URL

ORDER = {"amount": 1000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True, "return_url": RETURN_URL}


def test_a_repeat_gives_the_first_answer(client, key):
    first = client.v1.payment_intents.create(ORDER, {"idempotency_key": key})
    second = client.v1.payment_intents.create(ORDER, {"idempotency_key": key})
    assert second.to_dict() == first.to_dict()
    assert "idempotent-replayed" not in first.last_response.headers
    assert second.last_response.headers["idempotent-replayed"] == "true"
    assert second.last_response.headers["original-request"] == first.last_response.request_id
    assert second.last_response.request_id != first.last_response.request_id


def test_a_decline_is_repeated(client, key):
    order = {**ORDER, "payment_method": "pm_card_visa_chargeDeclined"}
    errors = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as caught:
            client.v1.payment_intents.create(order, {"idempotency_key": key})
        errors.append(caught.value)
    assert errors[1].headers["idempotent-replayed"] == "true"
    assert errors[1].json_body == errors[0].json_body


@pytest.mark.parametrize("other", [{"amount": 2000}, {"description": "x"}])
def test_other_parameters_under_the_same_key(client, key, other):
    client.v1.payment_intents.create(ORDER, {"idempotency_key": key})
    with pytest.raises(stripe.IdempotencyError) as caught:
        client.v1.payment_intents.create({**ORDER, **other}, {"idempotency_key": key})
    assert caught.value.http_status == 400
    assert caught.value.code is None


def test_the_same_key_elsewhere(client, key):
    client.v1.customers.create({}, {"idempotency_key": key})
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create(ORDER, {"idempotency_key": key})


def test_a_key_is_free_after_a_refused_request(client, key):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create({"currency": "usd"}, {"idempotency_key": key})
    assert client.v1.payment_intents.create(ORDER, {"idempotency_key": key}).status == "succeeded"


def test_parallel_confirms_charge_once(mock, client, key):
    made = client.v1.payment_intents.create({"amount": 1000, "currency": "usd"})

    def confirm(_):
        own = mock.client(max_network_retries=2)
        return own.v1.payment_intents.confirm(
            made.id, {"payment_method": "pm_card_visa", "return_url": RETURN_URL}, {"idempotency_key": key})

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(confirm, range(16)))
    assert {answer.status for answer in answers} == {"succeeded"}
    assert len({answer.latest_charge for answer in answers}) == 1


def test_the_sdk_retries_what_was_lost(mock, key):
    """The answer is lost after the payment was made: the retry finds it, and pays nothing again."""
    mock.control("faults", {"next": [{"drop": "answer"}]})
    paid = mock.client(max_network_retries=2).v1.payment_intents.create(ORDER, {"idempotency_key": key})
    assert paid.status == "succeeded"
    assert paid.last_response.headers["idempotent-replayed"] == "true"


def test_the_sdk_retries_a_503(mock, key):
    mock.control("faults", {"next": [{"status": 503}]})
    paid = mock.client(max_network_retries=2).v1.payment_intents.create(ORDER, {"idempotency_key": key})
    assert "idempotent-replayed" not in paid.last_response.headers


def test_the_sdk_tells_of_a_503_without_retries(mock, client):
    mock.control("faults", {"next": [{"status": 503}]})
    with pytest.raises(stripe.APIError) as caught:
        client.v1.customers.create({})
    assert caught.value.http_status == 503
