# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import pytest
import stripe


@pytest.mark.parametrize("key", ["sk_test_x", "rk_test_x"])
def test_keys_of_test_mode(mock, key):
    assert mock.client(key).v1.customers.create({}).object == "customer"


@pytest.mark.parametrize("key", ["sk_live_x", "rk_live_x", "nonsense", "sk_test_"])
def test_other_keys(mock, key):
    with pytest.raises(stripe.AuthenticationError) as caught:
        mock.client(key).v1.customers.create({})
    assert caught.value.http_status == 401
    assert caught.value.request_id.startswith("req_")


def test_a_publishable_key_does_not_make_payments(mock):
    with pytest.raises(stripe.PermissionError) as caught:
        mock.client("pk_test_sdk").v1.payment_intents.create({"amount": 100, "currency": "usd"})
    assert caught.value.http_status == 403
    assert caught.value.json_body["error"]["code"] == "secret_key_required"


def test_a_publishable_key_reads_an_intent_by_its_secret(mock, client):
    made = client.v1.payment_intents.create({"amount": 100, "currency": "usd", "metadata": {"inner": "yes"}})
    page = mock.client("pk_test_sdk")
    read = page.v1.payment_intents.retrieve(made.id, {"client_secret": made.client_secret})
    assert read.amount == 100
    assert "metadata" not in read
    with pytest.raises(stripe.InvalidRequestError):
        page.v1.payment_intents.retrieve(made.id, {"client_secret": made.client_secret + "x"})


def test_answers_name_their_version(client):
    headers = client.v1.customers.create({}).last_response.headers
    assert headers["stripe-version"] == stripe.api_version


@pytest.mark.parametrize("version", ["2020-08-27", "2022-11-15", "2023-08-16", "2024-04-10", "2024-09-30.acacia"])
def test_old_versions(mock, version):
    client = mock.client(stripe_version=version)
    made = client.v1.payment_intents.create({"amount": 100, "currency": "usd"})
    assert made.last_response.headers["stripe-version"] == version
    assert made.status == "requires_payment_method"


def test_statuses_had_other_names_before_2019(mock):
    client = mock.client(stripe_version="2018-11-08")
    made = client.v1.payment_intents.create({"amount": 100, "currency": "usd"})
    assert made.status == "requires_source"
    assert made.allowed_source_types == ["card"]


def test_a_version_that_never_was(mock):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        mock.client(stripe_version="banana").v1.customers.create({})
    assert (caught.value.http_status, caught.value.code) == (400, None)


def test_an_unknown_path(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.raw_request("get", "/v1/nonsense")
    assert caught.value.http_status == 404


def test_connected_accounts_are_apart(client):
    made = client.v1.customers.create({}, {"stripe_account": "acct_1"})
    assert client.v1.customers.retrieve(made.id, None, {"stripe_account": "acct_1"}).id == made.id
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.retrieve(made.id)


def test_the_module_level_client_works_too(mock, monkeypatch):
    monkeypatch.setattr(stripe, "api_base", mock.url)
    monkeypatch.setattr(stripe, "api_key", "sk_test_sdk")
    customer = stripe.Customer.create(name="Jenny")
    assert stripe.Customer.retrieve(customer.id).name == "Jenny"
    customer.description = "changed"
    customer.save()
    assert stripe.Customer.retrieve(customer.id).description == "changed"
