# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe
from test_objects import CARD


@pytest.fixture
def payments(customer):
    """Three payments of one customer, oldest first."""
    return [stripe.PaymentIntent.create(**CARD, customer=customer.id).id for _ in range(3)]


@pytest.fixture
def endpoint(receiver):
    made = stripe.WebhookEndpoint.create(url=receiver.url, enabled_events=["*"])
    yield made
    made.delete()


def test_pages(customer, payments):
    page = stripe.PaymentIntent.list(customer=customer.id, limit=2)
    assert ([item.id for item in page], page.has_more) == (payments[:0:-1], True)
    rest = page.next_page()
    assert ([item.id for item in rest], rest.has_more) == (payments[:1], False)
    # Of a list that came by starting_after, this SDK asks for both ends.
    with pytest.raises(stripe.error.InvalidRequestError):
        stripe.PaymentIntent.list(customer=customer.id, limit=1, starting_after=payments[2]).previous_page()


def test_all_pages(customer, payments):
    found = stripe.PaymentIntent.list(customer=customer.id, limit=1).auto_paging_iter()
    assert [item.id for item in found] == payments[::-1]


def test_all_pages_backwards(customer, payments):
    found = stripe.PaymentIntent.list(customer=customer.id, limit=1, ending_before=payments[0]).auto_paging_iter()
    assert [item.id for item in found] == payments[1:]


def test_search(customer, payments):
    found = stripe.PaymentIntent.search(query=f"customer:'{customer.id}'")
    assert {item.id for item in found.auto_paging_iter()} == set(payments)


def test_events_of_a_payment(payments):
    events = [event for event in stripe.Event.list(limit=100).auto_paging_iter() if event.data.object.id == payments[0]]
    assert sorted(event.type for event in events) == ["payment_intent.created", "payment_intent.succeeded"]
    assert stripe.Event.retrieve(events[0].id).data.object.id == payments[0]


def test_a_delivery_is_verified(receiver, endpoint):
    made = stripe.Customer.create(name="Jenny")
    body, signature = receiver.next()
    event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
    assert (event.type, event.data.object.id, event["request"].id) == (
        "customer.created", made.id, made.last_response.request_id)


@pytest.mark.parametrize("wrong", ["body", "secret", "time"])
def test_what_is_wrong_is_refused(receiver, endpoint, wrong):
    stripe.Customer.create()
    body, signature = receiver.next()
    secret = "whsec_other" if wrong == "secret" else endpoint.secret
    if wrong == "body":
        body = body.replace(b"cus_", b"cux_")
    elif wrong == "time":
        signature = signature.replace("t=1", "t=2", 1)
    with pytest.raises(stripe.error.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, secret)


def test_a_delivery_has_the_endpoints_version(receiver):
    made = stripe.WebhookEndpoint.create(
        url=receiver.url, enabled_events=["payment_intent.created"], api_version="2018-11-08")
    stripe.PaymentIntent.create(amount=100, currency="usd")
    body, signature = receiver.next()
    event = stripe.Webhook.construct_event(body, signature, made.secret)
    assert (event.api_version, event.data.object.status) == ("2018-11-08", "requires_source")
    made.delete()
