// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0
(async () => {
  const stripe = Stripe(document.body.dataset.key);
  const button = document.getElementById('continue');
  const problem = document.getElementById('error');

  const answer = await fetch('/secret');
  const {client_secret: clientSecret, error} = await answer.json();
  if (error) {
    problem.textContent = error.message;
    return;
  }

  button.disabled = false;
  button.addEventListener('click', async () => {
    button.disabled = true;
    // Leads away from here; comes back only where something is wrong.
    const {error} = await stripe.confirmAmazonPaySetup(clientSecret, {
      return_url: `${window.location.origin}/setup/complete`,
      mandate_data: {customer_acceptance: {type: 'online', online: {infer_from_client: true}}},
    });
    if (error) problem.textContent = error.message;
    button.disabled = false;
  });
})();
