# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe
from peers import RETURN_URL


@pytest.fixture
def payments(client, customer):
    """Three payments of one customer, oldest first."""
    return [
        client.v1.payment_intents.create({
            "amount": 100 + n, "currency": "usd", "customer": customer.id, "payment_method": "pm_card_visa", "confirm": True,
            "return_url": RETURN_URL})
        for n in range(3)
    ]


def test_newest_first(client, customer, payments):
    page = client.v1.payment_intents.list({"customer": customer.id})
    assert (page.object, page.has_more, page.url) == ("list", False, "/v1/payment_intents")
    assert [item.id for item in page.data] == [item.id for item in reversed(payments)]


def test_pages(client, customer, payments):
    page = client.v1.payment_intents.list({"customer": customer.id, "limit": 2})
    assert (len(page.data), page.has_more) == (2, True)
    rest = client.v1.payment_intents.list({"customer": customer.id, "limit": 2, "starting_after": page.data[-1].id})
    assert ([item.id for item in rest.data], rest.has_more) == ([payments[0].id], False)


def test_all_pages(client, customer, payments):
    found = client.v1.payment_intents.list({"customer": customer.id, "limit": 1}).auto_paging_iter()
    assert [item.id for item in found] == [item.id for item in reversed(payments)]


def test_backwards(client, customer, payments):
    page = client.v1.payment_intents.list({"customer": customer.id, "ending_before": payments[0].id})
    assert [item.id for item in page.data] == [payments[2].id, payments[1].id]


@pytest.mark.parametrize("limit", [0, 101, "many"])
def test_limits(client, limit):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.list({"limit": limit})
    assert caught.value.param == "limit"


def test_expand_in_lists(client, customer, payments):
    page = client.v1.payment_intents.list({"customer": customer.id, "expand": ["data.customer"]})
    assert {item.customer.id for item in page.data} == {customer.id}


@pytest.mark.parametrize("kind", ["charges", "refunds", "payment_methods", "setup_intents", "disputes", "events", "customers"])
def test_every_kind_has_a_list(client, customer, kind):
    page = getattr(client.v1, kind).list({"customer": customer.id} if kind == "payment_methods" else {"limit": 3})
    assert page.object == "list"


def test_charges_of_a_payment(client, payments):
    page = client.v1.charges.list({"payment_intent": payments[0].id})
    assert [item.id for item in page.data] == [payments[0].latest_charge]


def test_methods_of_a_customer(client, customer):
    attached = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert [item.id for item in client.v1.customers.payment_methods.list(customer.id).data] == [attached.id]


def test_customers_by_address(client):
    made = client.v1.customers.create({"email": "only-one@example.com"})
    assert [item.id for item in client.v1.customers.list({"email": "only-one@example.com"}).data] == [made.id]


def test_a_deleted_customer_is_in_no_list(client):
    made = client.v1.customers.create({"email": "gone@example.com"})
    client.v1.customers.delete(made.id)
    assert client.v1.customers.list({"email": "gone@example.com"}).data == []


def test_events_tell_of_requests(client):
    made = client.v1.customers.create({})
    events = client.v1.events.list({"type": "customer.created", "limit": 5}).data
    event = next(item for item in events if item.data.object.id == made.id)
    assert event.request.id == made.last_response.request_id
    assert client.v1.events.retrieve(event.id).id == event.id


def test_events_of_a_payment(client, payments):
    events = [item.type for item in client.v1.events.list({"limit": 100}).data
              if payments[0].id in (item.data.object.id, item.data.object.to_dict().get("payment_intent"))]
    assert {"payment_intent.created", "payment_intent.succeeded", "charge.succeeded"} <= set(events)


def test_search(client, customer, payments):
    found = client.v1.payment_intents.search({"query": f"customer:'{customer.id}'"})
    assert found.object == "search_result"


def test_search_without_a_query(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.search({})
    assert (caught.value.code, caught.value.param) == ("parameter_missing", "query")


@pytest.mark.parametrize("params, param", [({"colour": "red"}, "colour"), ({"address": {"planet": "x"}}, "address[planet]")])
def test_unknown_parameters(client, params, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.create(params)
    assert (caught.value.code, caught.value.param) == ("parameter_unknown", param)


def test_a_path_that_cannot_be_expanded(client, customer):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.retrieve(customer.id, {"expand": ["name"]})


def test_the_balance(client):
    assert client.v1.balance.retrieve().object == "balance"
