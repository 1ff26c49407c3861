# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import urllib.parse
import urllib.request

import pytest


def test_a_good_card_pays(shop):
    assert shop.pay(2000, "pm_card_visa", "1") == "succeeded"


def test_an_order_is_paid_once(shop):
    shop.pay(2000, "pm_card_visa", "1")
    shop.pay(2000, "pm_card_visa", "1")
    assert len({charge.id for charge in shop.client.v1.charges.list().data}) == 1


@pytest.mark.parametrize("choice, shown", [
    ("declines insufficient_funds", "declined: insufficient_funds"), ("declines lost_card", "declined: lost_card"),
])
def test_declines_are_told(shop, control, choice, shown):
    shop.client.v1.customers.create({})
    control("choices", {"issuer": [choice]})
    assert shop.pay(2000, "pm_card_visa", "1") == shown


@pytest.mark.parametrize("button, status", [("authorize", "succeeded"), ("fail", "requires_payment_method")])
def test_the_customer_is_sent_to_the_bank_and_comes_back(shop, button, status):
    page = shop.pay(2000, "pm_card_threeDSecure2Required", "1").removeprefix("go to ")
    back = press(page, button)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    assert shop.finish(query["payment_intent"]) == status


def test_a_lost_answer_charges_once(shop, control):
    control("faults", {"next": [{"drop": "answer"}]})
    assert shop.pay(2000, "pm_card_visa", "1") == "succeeded"
    assert len(shop.client.v1.charges.list().data) == 1


def press(page, button):
    """Presses a button of the customer's page, as a browser would; gives the address that it leads to."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        urllib.request.build_opener(Stay).open(page, f"choice={button}".encode(), timeout=10)
    except urllib.error.HTTPError as answer:
        assert answer.code == 303
        return answer.headers["Location"]
    raise AssertionError("the page leads nowhere")
