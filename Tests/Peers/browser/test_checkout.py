# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""A real browser walks examples/checkout against `faregate mock`."""

import json
import os
import pathlib
import shutil
import sys
import urllib.parse
import urllib.request

import pytest
from peers import PROGRAM, ROOT, start
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

SHOTS = pathlib.Path(os.environ.get("SHOTS", ROOT / ".build-peers/shots"))
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and its driver are not installed")


@pytest.fixture(scope="module")
def mock():
    process, url = start([PROGRAM, "mock", "--port", "0", "--log", "none"])
    yield url
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(scope="module")
def shop(mock):
    process, url = start([sys.executable, str(ROOT / "examples/checkout/server.py")], STRIPE_API_BASE=mock, PORT="0")
    yield url
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for option in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=900,800", "--lang=en"]:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    SHOTS.mkdir(parents=True, exist_ok=True)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, shop):
    browser.get_log("browser")
    browser.get(shop + "/")
    return Page(browser)


class Page:
    def __init__(self, browser):
        self.browser = browser

    def wait(self, condition, seconds=20):
        return WebDriverWait(self.browser, seconds).until(lambda _: condition())

    def text(self, name):
        return self.browser.find_element(By.ID, name).text

    def shoot(self, name):
        self.browser.save_screenshot(str(SHOTS / f"{name}.png"))

    def go_on(self):
        button = self.browser.find_element(By.ID, "continue")
        self.wait(button.is_enabled)
        button.click()
        self.wait(lambda: "/redirect/authenticate/seti_" in self.browser.current_url)

    def press(self, choice):
        self.browser.find_element(By.CSS_SELECTOR, f'button[name="choice"][value="{choice}"]').click()

    def complaints(self):
        return [line["message"] for line in self.browser.get_log("browser")
                if line["level"] == "SEVERE" and "favicon" not in line["message"]]


def api(mock, path):
    request = urllib.request.Request(mock + path, headers={"Authorization": "Bearer sk_test_123"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_the_authorisation_is_on_the_page(page):
    text = page.text("authorization")
    assert "Rocket Rides" in text and "Amazon Pay" in text and "until you withdraw" in text
    page.shoot("1-checkout")


def test_the_wallets_page_says_what_is_asked(page):
    page.go_on()
    text = page.browser.find_element(By.TAG_NAME, "main").text
    assert "Save Amazon Pay for later payments" in text
    assert [item.text for item in page.browser.find_elements(By.TAG_NAME, "button")] == ["Authorize", "Fail", "Let it expire"]
    page.shoot("2-wallet")
    assert page.complaints() == []


def test_authorize(page, mock):
    page.go_on()
    page.press("authorize")
    page.wait(lambda: "/setup/complete" in page.browser.current_url)
    page.wait(lambda: page.text("status") == "succeeded")
    page.shoot("3-saved")
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(page.browser.current_url).query)
    assert query["redirect_status"] == ["succeeded"]
    intent = api(mock, "/v1/setup_intents/" + query["setup_intent"][0])
    assert (intent["status"], intent["client_secret"]) == ("succeeded", query["setup_intent_client_secret"][0])
    page.browser.find_element(By.ID, "charge").click()
    page.wait(lambda: page.text("charged") == "The payment's status is succeeded.")
    page.shoot("4-charged")
    assert page.complaints() == []


@pytest.mark.parametrize("choice", ["fail", "expire"])
def test_the_customer_does_not(page, choice):
    page.go_on()
    page.press(choice)
    page.wait(lambda: page.text("status") == "requires_payment_method")
    assert "redirect_status=failed" in page.browser.current_url
    assert page.text("headline") == "Your wallet is not saved"
    page.shoot(f"5-{choice}")
    assert page.complaints() == []


def run(browser, script, *arguments):
    """What a promise comes to in the page."""
    return browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        f"(async () => {{ {script} }})().then(done, (problem) => done({{thrown: String(problem)}}));", *arguments)


def make(mock, path, form):
    request = urllib.request.Request(
        mock + path, urllib.parse.urlencode(form).encode(), {"Authorization": "Bearer sk_test_123"}, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_a_card_is_confirmed_without_leaving_the_page(page, mock):
    intent = make(mock, "/v1/payment_intents", {"amount": 1000, "currency": "usd"})
    outcome = run(page.browser, "return Stripe('pk_test_123').confirmCardPayment(arguments[0], {payment_method: 'pm_card_visa'});",
                  intent["client_secret"])
    assert outcome["paymentIntent"]["status"] == "succeeded"


def test_a_decline_comes_as_an_error(page, mock):
    intent = make(mock, "/v1/payment_intents", {"amount": 1000, "currency": "usd"})
    outcome = run(
        page.browser,
        "return Stripe('pk_test_123').confirmCardPayment(arguments[0], {payment_method: 'pm_card_visa_chargeDeclined'});",
        intent["client_secret"])
    assert outcome["error"]["code"] == "card_declined"
    assert outcome["error"]["payment_intent"]["id"] == intent["id"]


@pytest.mark.parametrize("choice, status", [("authorize", "succeeded"), ("fail", None)])
def test_a_challenge_is_asked_in_a_window_of_the_page(page, mock, choice, status):
    intent = make(mock, "/v1/payment_intents", {"amount": 1999, "currency": "usd"})
    page.browser.execute_script(
        "window.outcome = null; Stripe('pk_test_123').confirmCardPayment(arguments[0],"
        "{payment_method: 'pm_card_threeDSecure2Required'}).then((it) => { window.outcome = it; });", intent["client_secret"])
    frame = page.wait(lambda: page.browser.find_elements(By.CSS_SELECTOR, "dialog iframe"))[0]
    page.browser.switch_to.frame(frame)
    page.wait(lambda: page.browser.find_elements(By.CSS_SELECTOR, 'button[value="authorize"]'))
    if choice == "authorize":
        page.browser.switch_to.default_content()
        page.shoot("6-challenge")
        page.browser.switch_to.frame(frame)
    page.press(choice)
    page.browser.switch_to.default_content()
    outcome = page.wait(lambda: page.browser.execute_script("return window.outcome;"))
    if status:
        assert outcome["paymentIntent"]["status"] == status
    else:
        assert outcome["error"]["code"] == "payment_intent_authentication_failure"
    assert not page.browser.find_elements(By.TAG_NAME, "dialog")


def test_confirm_payment_leads_to_the_return_page(page, mock, shop):
    intent = make(mock, "/v1/payment_intents", {"amount": 1000, "currency": "usd", "payment_method": "pm_card_visa"})
    page.browser.execute_script(
        "Stripe('pk_test_123').confirmPayment({clientSecret: arguments[0], confirmParams: {return_url: arguments[1]}});",
        intent["client_secret"], shop + "/setup/complete")
    page.wait(lambda: f"payment_intent={intent['id']}" in page.browser.current_url)
    assert "redirect_status=succeeded" in page.browser.current_url


def test_confirm_setup_without_leaving(page, mock):
    intent = make(mock, "/v1/setup_intents", {"payment_method_types[]": "card", "payment_method": "pm_card_visa"})
    outcome = run(page.browser, "return Stripe('pk_test_123').confirmSetup({clientSecret: arguments[0], redirect: 'if_required'});",
                  intent["client_secret"])
    assert outcome["setupIntent"]["status"] == "succeeded"


def test_handle_next_action_sends_away(page, mock):
    intent = make(mock, "/v1/payment_intents", {
        "amount": 1000, "currency": "usd", "payment_method_data[type]": "amazon_pay", "confirm": "true",
        "return_url": "https://shop.example/back"})
    page.browser.execute_script("Stripe('pk_test_123').handleNextAction({clientSecret: arguments[0]});", intent["client_secret"])
    page.wait(lambda: page.browser.current_url.endswith("/redirect/authenticate/" + intent["id"]))
    assert "19.99" not in page.browser.page_source and "10.00 USD" in page.browser.page_source
    page.shoot("7-payment")


def test_retrieve(page, mock):
    intent = make(mock, "/v1/payment_intents", {"amount": 1000, "currency": "usd", "metadata[inner]": "yes"})
    outcome = run(page.browser, "return Stripe('pk_test_123').retrievePaymentIntent(arguments[0]);", intent["client_secret"])
    assert outcome["paymentIntent"]["amount"] == 1000
    assert "metadata" not in outcome["paymentIntent"]
    wrong = run(page.browser, "return Stripe('pk_test_123').retrievePaymentIntent(arguments[0]);", intent["client_secret"] + "x")
    assert wrong["error"]["code"] == "resource_missing"


@pytest.mark.parametrize("script, message", [
    ("Stripe('sk_test_123')", "publishable"), ("Stripe('pk_test_123').elements()", "no elements"),
    ("Stripe('pk_test_123').confirmCardPayment('nonsense')", "clientSecret"),
    ("Stripe('pk_test_123').confirmPayment({clientSecret: 'pi_a_secret_b'})", "return_url"),
    ("Stripe('pk_test_123').confirmCardSetup('pi_a_secret_b')", "other kind"),
])
def test_mistakes_of_the_page_are_told(page, script, message):
    assert message in run(page.browser, f"return {script};")["thrown"]


def test_the_whole_family_of_functions_is_there(page):
    names = page.browser.execute_script("return Object.keys(Stripe('pk_test_123'));")
    for name in ["confirmAmazonPaySetup", "confirmAmazonPayPayment", "confirmCardPayment", "confirmCardSetup", "confirmIdealPayment",
                 "confirmPayPalSetup", "confirmSepaDebitPayment", "confirmUsBankAccountSetup", "confirmKlarnaPayment"]:
        assert name in names, name
