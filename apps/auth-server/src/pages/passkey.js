// Passkeys: the browser asks its authenticator, and a form takes the answer to the server.
const { startAuthentication, startRegistration, browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } =
  globalThis.SimpleWebAuthnBrowser

function offer(form) {
  const optionsJSON = JSON.parse(form.dataset.request)
  const ask = form.dataset.passkey === 'create' ? startRegistration : startAuthentication
  const button = form.querySelector('button')
  const failure = form.querySelector('[role="alert"]')
  const send = (answer) => {
    form.elements.response.value = JSON.stringify(answer)
    form.submit()
  }
  form.hidden = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    failure.hidden = true
    button.disabled = true
    try {
      send(await ask({ optionsJSON }))
    } catch {
      failure.hidden = false
      button.disabled = false
    }
  })
  if ('autofill' in form.dataset) offerInField(optionsJSON, send)
}

async function offerInField(optionsJSON, send) {
  if (!(await browserSupportsWebAuthnAutofill())) return
  try {
    send(await startAuthentication({ optionsJSON, useBrowserAutofill: true }))
  } catch {
    // The button was used instead.
  }
}

if (browserSupportsWebAuthn()) for (const form of document.querySelectorAll('form[data-passkey]')) offer(form)
