// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0
(async () => {
  const stripe = Stripe(document.body.dataset.key);
  const show = (id, text) => { document.getElementById(id).textContent = text; };
  const secret = new URLSearchParams(window.location.search).get('setup_intent_client_secret');

  // What the address says may be anybody's word: the status is the API's.
  const {setupIntent, error} = await stripe.retrieveSetupIntent(secret);
  if (error) {
    show('headline', 'Something is wrong');
    show('message', error.message);
    return;
  }
  show('status', setupIntent.status);
  switch (setupIntent.status) {
    case 'succeeded':
      show('headline', 'Your wallet is saved');
      show('message', 'Your next ride is paid without another click.');
      break;
    case 'processing':
      show('headline', 'Almost there');
      show('message', 'The wallet is being checked.');
      break;
    default:
      show('headline', 'Your wallet is not saved');
      show('message', setupIntent.last_setup_error ? setupIntent.last_setup_error.message : 'Please try again.');
  }

  const button = document.getElementById('charge');
  button.hidden = setupIntent.status !== 'succeeded';
  button.addEventListener('click', async () => {
    const answer = await fetch('/charge', {method: 'POST', headers: {'X-Setup-Intent': setupIntent.id}});
    const {status, error} = await answer.json();
    show('charged', error ? error.message : `The payment's status is ${status}.`);
  });
})();
