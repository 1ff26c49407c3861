# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import json

import pytest
import stripe
from peers import RETURN_URL, Receiver


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def endpoint(client, receiver):
    made = client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    yield made
    client.v1.webhook_endpoints.delete(made.id)


def test_the_sdk_verifies_a_delivery(client, receiver, endpoint):
    customer = client.v1.customers.create({"name": "Jenny"})
    body, signature = receiver.next()
    event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
    assert (event.type, event.data.object.id) == ("customer.created", customer.id)
    assert event.request.id == customer.last_response.request_id
    assert event.pending_webhooks == 1


@pytest.mark.parametrize("wrong", ["body", "secret", "time"])
def test_the_sdk_refuses_what_is_wrong(client, receiver, endpoint, wrong):
    client.v1.customers.create({})
    body, signature = receiver.next()
    secret, tolerance = endpoint.secret, 300
    if wrong == "body":
        body = body.replace(b"cus_", b"cux_")
    elif wrong == "secret":
        secret = "whsec_other"
    else:
        signature = signature.replace("t=1", "t=2", 1)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, secret, tolerance)


def test_the_secret_is_shown_once(client, endpoint):
    assert endpoint.secret.startswith("whsec_")
    assert "secret" not in client.v1.webhook_endpoints.retrieve(endpoint.id)


def test_only_what_is_wanted(client, receiver):
    made = client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["payment_intent.succeeded"]})
    client.v1.customers.create({})
    client.v1.payment_intents.create({
        "amount": 100, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True, "return_url": RETURN_URL})
    body, _ = receiver.next()
    assert json.loads(body)["type"] == "payment_intent.succeeded"
    assert receiver.is_quiet()
    client.v1.webhook_endpoints.delete(made.id)


def test_tries_again(client, receiver, endpoint):
    for status in [500, 302, 200]:
        receiver.answers.put(status)
    client.v1.customers.create({})
    bodies = {receiver.next()[0] for _ in range(3)}
    assert len({json.loads(body)["id"] for body in bodies}) == 1
    assert receiver.is_quiet()


def test_says_nothing_while_it_is_disabled(client, receiver, endpoint):
    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    client.v1.customers.create({})
    assert receiver.is_quiet()


def test_repeats_on_demand(mock, client, receiver, endpoint):
    mock.control("choices", {"network": ["repeats"]})
    client.v1.customers.create({})
    assert receiver.next()[0] == receiver.next()[0]


def test_reorders_on_demand(mock, client, receiver, endpoint):
    mock.control("choices", {"network": ["delivers after 2s", "delivers"]})
    first, second = client.v1.customers.create({}), client.v1.customers.create({})
    ids = [json.loads(receiver.next()[0])["data"]["object"]["id"] for _ in range(2)]
    assert ids == [second.id, first.id]


def test_lists_endpoints(client, endpoint):
    assert endpoint.id in [item.id for item in client.v1.webhook_endpoints.list().auto_paging_iter()]


def test_a_payment_announces_itself(client, receiver, endpoint):
    client.v1.payment_intents.create({
        "amount": 100, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True, "return_url": RETURN_URL})
    types = [json.loads(receiver.next()[0])["type"] for _ in range(3)]
    assert sorted(types) == ["charge.succeeded", "payment_intent.created", "payment_intent.succeeded"]


def test_an_unknown_endpoint_is_missing(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.webhook_endpoints.retrieve("we_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
