// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0
//
// Stands in for the script of js.stripe.com in local tests: the same functions, answered by the mock that served this file.
(function () {
  'use strict';

  // By type of payment method: the functions that confirm it, and whether it is a bank debit.
  const methods = __METHODS__;
  const server = new URL(document.currentScript.src).origin;

  function IntegrationError(message) {
    const error = new Error(message);
    error.name = 'IntegrationError';
    return error;
  }

  // a[b][0]=c, as the API takes it.
  function encode(value, name, pairs) {
    if (value === undefined || value === null) return pairs;
    if (typeof value === 'object') {
      for (const key of Object.keys(value)) encode(value[key], name ? `${name}[${key}]` : key, pairs);
    } else {
      pairs.append(name, String(value));
    }
    return pairs;
  }

  function kindOf(secret) {
    const match = /^((pi|seti)_[A-Za-z0-9]+)_secret_[A-Za-z0-9]+$/.exec(secret || '');
    if (!match) throw IntegrationError(`Invalid value for clientSecret: ${typeof secret}`);
    return match[2] === 'pi'
      ? {id: match[1], path: '/v1/payment_intents/', result: 'paymentIntent', name: 'payment_intent'}
      : {id: match[1], path: '/v1/setup_intents/', result: 'setupIntent', name: 'setup_intent'};
  }

  function Stripe(key, options) {
    if (!(this instanceof Stripe)) return new Stripe(key, options);
    if (typeof key !== 'string' || !/^pk_/.test(key)) {
      throw IntegrationError('Stripe() needs a publishable key, pk_test_...; a secret key must never reach a browser.');
    }

    async function call(method, path, params) {
      const form = encode(params, '', new URLSearchParams());
      const headers = {Authorization: `Bearer ${key}`};
      if (options && options.stripeAccount) headers['Stripe-Account'] = options.stripeAccount;
      if (options && options.apiVersion) headers['Stripe-Version'] = options.apiVersion;
      try {
        const answer = method === 'GET'
          ? await fetch(`${server}${path}?${form}`, {headers})
          : await fetch(server + path, {method, headers, body: form});
        return await answer.json();
      } catch (problem) {
        return {error: {type: 'api_connection_error', message: `The mock at ${server} cannot be reached.`}};
      }
    }

    async function retrieve(secret) {
      const kind = kindOf(secret);
      const body = await call('GET', kind.path + kind.id, {client_secret: secret});
      return body.error ? {error: body.error} : {[kind.result]: body};
    }

    // Where a customer is sent back to by the script itself.
    function addressAfter(returnURL, secret, intent) {
      const kind = kindOf(secret);
      const address = new URL(returnURL, window.location.href);
      address.searchParams.set(kind.name, kind.id);
      address.searchParams.set(`${kind.name}_client_secret`, secret);
      address.searchParams.set('redirect_status', intent.status === 'processing' ? 'pending' : 'succeeded');
      return address.href;
    }

    const never = new Promise(() => {});

    // The customer's part: sent away, or asked in a window of this page.
    async function act(secret, intent) {
      const kind = kindOf(secret);
      const action = intent.next_action;
      if (intent.status !== 'requires_action' || !action) return {[kind.result]: intent};
      const inner = action[action.type] || {};
      if (action.type === 'redirect_to_url' || action.type === 'alipay_handle_redirect') {
        window.location.assign(inner.url);
        return never;
      }
      if (action.type === 'verify_with_microdeposits') return {[kind.result]: intent};
      const closed = await showPage(`${server}/redirect/authenticate/${kind.id}`, async () => {
        const now = (await retrieve(secret))[kind.result];
        return !now || now.status !== 'requires_action';
      });
      const after = await retrieve(secret);
      const now = after[kind.result];
      if (!now) return after;
      const failure = now.last_payment_error || now.last_setup_error;
      if (now.status === 'requires_payment_method' && failure) return {error: failure};
      if (closed && action.type === 'use_stripe_sdk' && now.status === 'requires_action') {
        const code = `${kind.name}_authentication_failure`;
        return {error: {type: 'card_error', code, message: 'The authentication was closed.', [kind.name]: now}};
      }
      return after;
    }

    // Resolves when the action is done (false) or the window was closed (true).
    function showPage(address, isDone) {
      return new Promise((resolve) => {
        const dialog = document.createElement('dialog');
        dialog.setAttribute('aria-label', 'Confirm the payment');
        const frame = document.createElement('iframe');
        frame.src = address;
        frame.title = 'Confirm the payment';
        Object.assign(frame.style, {display: 'block', border: '0', width: '30rem', maxWidth: '100%', height: '26rem'});
        const close = document.createElement('button');
        close.textContent = 'Close';
        close.addEventListener('click', () => dialog.close());
        const timer = setInterval(async () => {
          if (await isDone()) end(false);
        }, 250);
        let ended = false;
        function end(wasClosed) {
          if (ended) return;
          ended = true;
          clearInterval(timer);
          dialog.remove();
          resolve(wasClosed);
        }
        dialog.addEventListener('close', () => end(true));
        dialog.append(frame, close);
        document.body.append(dialog);
        dialog.showModal();
      });
    }

    async function confirm(secret, type, data, handles) {
      const kind = kindOf(secret);
      const params = {...data, client_secret: secret};
      if (typeof params.payment_method === 'object') {
        params.payment_method_data = {type, ...params.payment_method};
        delete params.payment_method;
      } else if (!params.payment_method && !params.payment_method_data && type) {
        const before = await retrieve(secret);
        if (before.error) return before;
        if (!before[kind.result].payment_method) params.payment_method_data = {type};
      }
      if (type && methods[type] && methods[type].debit && !params.mandate_data) {
        params.mandate_data = {customer_acceptance: {type: 'online', online: {infer_from_client: true}}};
      }
      const body = await call('POST', `${kind.path}${kind.id}/confirm`, params);
      if (body.error) return {error: body.error};
      return handles ? act(secret, body) : {[kind.result]: body};
    }

    function insistOn(result, secret) {
      if (kindOf(secret).result !== result) throw IntegrationError('The client secret belongs to the other kind of intent.');
    }

    // confirmAmazonPaySetup(clientSecret, data, {handleActions}) and all its family.
    for (const type of Object.keys(methods)) {
      for (const [name, result] of methods[type].functions) {
        if (this[name]) continue;
        this[name] = (secret, data, choices) => {
          insistOn(result, secret);
          const {...params} = data || {};
          const handles = !choices || choices.handleActions !== false;
          // Cards are asked in a window of the page, unless the caller handles actions.
          if (type === 'card' && handles) delete params.return_url;
          return confirm(secret, type, params, handles);
        };
      }
    }

    async function confirmAny(result, {clientSecret, confirmParams, redirect, elements}) {
      if (elements) throw IntegrationError("The mock's script has no elements: give clientSecret and a payment_method.");
      insistOn(result, clientSecret);
      const params = confirmParams || {};
      if (redirect !== 'if_required' && !params.return_url) {
        throw IntegrationError("confirmParams.return_url is required, or redirect: 'if_required'.");
      }
      const outcome = await confirm(clientSecret, null, params, true);
      if (outcome.error || redirect === 'if_required') return outcome;
      window.location.assign(addressAfter(params.return_url, clientSecret, outcome[result]));
      return never;
    }

    this.confirmPayment = (choices) => confirmAny('paymentIntent', choices);
    this.confirmSetup = (choices) => confirmAny('setupIntent', choices);
    this.handleNextAction = async ({clientSecret}) => {
      const found = await retrieve(clientSecret);
      return found.error ? found : act(clientSecret, found[kindOf(clientSecret).result]);
    };
    this.handleCardAction = (secret) => this.handleNextAction({clientSecret: secret});
    this.retrievePaymentIntent = async (secret) => { insistOn('paymentIntent', secret); return retrieve(secret); };
    this.retrieveSetupIntent = async (secret) => { insistOn('setupIntent', secret); return retrieve(secret); };
    this.createPaymentMethod = async (data) => {
      const body = await call('POST', '/v1/payment_methods', data);
      return body.error ? {error: body.error} : {paymentMethod: body};
    };
    this.elements = () => {
      throw IntegrationError("The mock's script has no elements: it draws no forms, it only speaks the API.");
    };
  }

  window.Stripe = Stripe;
})();
