# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe


def test_create_gives_a_customer(customer):
    assert customer.object == "customer"
    assert customer.id.startswith("cus_")
    assert customer.livemode is False
    assert customer.email == "jenny@example.com"


def test_retrieve_gives_the_same(client, customer):
    assert client.v1.customers.retrieve(customer.id).to_dict() == customer.to_dict()


@pytest.mark.parametrize("field, value", [
    ("name", "Jürgen 渡辺"), ("email", "a+b@example.com"), ("description", "100% & more = yes"), ("phone", "+49 30 1234"),
])
def test_update_changes_a_field(client, customer, field, value):
    assert client.v1.customers.update(customer.id, {field: value})[field] == value
    assert client.v1.customers.retrieve(customer.id)[field] == value


def test_update_leaves_other_fields(client, customer):
    assert client.v1.customers.update(customer.id, {"description": "x"}).name == "Jenny Rosen"


def test_an_empty_value_unsets(client, customer):
    assert client.v1.customers.update(customer.id, {"name": ""}).name is None


def test_address_is_nested(client):
    made = client.v1.customers.create({"address": {"line1": "1 Main St", "country": "US"}})
    assert made.address.line1 == "1 Main St"
    assert made.address.country == "US"


def test_metadata_is_merged(client):
    made = client.v1.customers.create({"metadata": {"a": "1", "b": "2"}})
    changed = client.v1.customers.update(made.id, {"metadata": {"b": "3", "c": "4"}})
    assert changed.metadata.to_dict() == {"a": "1", "b": "3", "c": "4"}


def test_an_empty_metadata_value_removes_the_key(client):
    made = client.v1.customers.create({"metadata": {"a": "1", "b": "2"}})
    assert client.v1.customers.update(made.id, {"metadata": {"a": ""}}).metadata.to_dict() == {"b": "2"}


def test_empty_metadata_removes_all(client):
    made = client.v1.customers.create({"metadata": {"a": "1"}})
    assert client.v1.customers.update(made.id, {"metadata": ""}).metadata.to_dict() == {}


@pytest.mark.parametrize("name", ["true", "12", "0", "null", "a=b&c", "☃"])
def test_metadata_stays_text(client, name):
    made = client.v1.customers.create({"metadata": {name: name}})
    assert made.metadata[name] == name


def test_delete(client, customer):
    gone = client.v1.customers.delete(customer.id)
    assert (gone.id, gone.deleted) == (customer.id, True)


def test_a_deleted_customer_reads_as_deleted(client, customer):
    client.v1.customers.delete(customer.id)
    read = client.v1.customers.retrieve(customer.id)
    assert read.to_dict() == {"id": customer.id, "object": "customer", "deleted": True}


def test_a_deleted_customer_is_not_deleted_again(client, customer):
    client.v1.customers.delete(customer.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.delete(customer.id)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (404, "resource_missing", "id")


def test_an_unknown_customer_is_missing(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.retrieve("cus_none")
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (404, "resource_missing", "id")
