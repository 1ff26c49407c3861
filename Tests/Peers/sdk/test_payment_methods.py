# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe
from peers import MANDATE, RETURN_URL


@pytest.mark.parametrize("method", ["amazon_pay", "paypal", "klarna", "bancontact", "eps", "cashapp", "revolut_pay", "alipay"])
def test_create(client, method):
    made = client.v1.payment_methods.create({"type": method})
    assert (made.object, made.type, made.customer) == ("payment_method", method, None)
    assert method in made


def test_create_a_card_from_a_token(client):
    made = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    assert (made.card.brand, made.card.last4, made.allow_redisplay, made.customer) == ("visa", "4242", "unspecified", None)


def test_attach_keeps_the_id(client, customer):
    made = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    attached = client.v1.payment_methods.attach(made.id, {"customer": customer.id})
    assert (attached.id, attached.customer) == (made.id, customer.id)


def test_attaching_a_test_token_makes_a_new_method(client, customer):
    attached = client.v1.payment_methods.attach("pm_card_mastercard", {"customer": customer.id})
    assert attached.id != "pm_card_mastercard"
    assert attached.card.brand == "mastercard"


def test_update(client, customer):
    attached = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    changed = client.v1.payment_methods.update(
        attached.id, {"billing_details": {"name": "J. Rosen"}, "metadata": {"a": "b"}})
    assert (changed.billing_details.name, changed.metadata["a"], changed.customer) == ("J. Rosen", "b", customer.id)


def test_detach_keeps_what_it_knows(client, customer):
    attached = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.v1.payment_methods.detach(attached.id)
    read = client.v1.payment_methods.retrieve(attached.id)
    assert (read.customer, read.card.last4) == (None, "4242")


@pytest.mark.parametrize("again", ["attach", "detach"])
def test_a_detached_method_is_done_with(client, customer, again):
    attached = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.v1.payment_methods.detach(attached.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        if again == "attach":
            client.v1.payment_methods.attach(attached.id, {"customer": customer.id})
        else:
            client.v1.payment_methods.detach(attached.id)
    assert caught.value.code is None


def test_a_method_of_another_customer_is_refused(client, customer):
    attached = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    other = client.v1.customers.create({})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create({
            "amount": 100, "currency": "usd", "customer": other.id, "payment_method": attached.id})
    assert (caught.value.code, caught.value.param) == (None, "payment_method")


def test_a_method_pays_once_unless_it_is_saved(client):
    made = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    order = {"amount": 100, "currency": "usd", "payment_method": made.id, "confirm": True, "return_url": RETURN_URL}
    assert client.v1.payment_intents.create(order).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(order)


def test_an_unknown_type_is_refused(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_methods.create({"type": "cowries"})
    assert caught.value.param == "type"


def test_an_unknown_one_is_missing(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_methods.retrieve("pm_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_the_mandate_of_a_debit_ends_with_its_method(client, customer):
    done = client.v1.setup_intents.create({
        "payment_method_types": ["us_bank_account"], "payment_method": "pm_usBankAccount_success", "customer": customer.id,
        "mandate_data": MANDATE, "confirm": True})
    assert done.status == "succeeded"
    assert client.v1.mandates.retrieve(done.mandate).status == "active"
    client.v1.payment_methods.detach(done.payment_method)
    assert client.v1.mandates.retrieve(done.mandate).status == "inactive"
