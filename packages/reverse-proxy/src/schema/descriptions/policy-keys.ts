import { within } from './within.ts'

const top = {
  Policies: 'What routes may name, each kind by names of your own.',
}

const kinds = within('Policies', {
  '.Authorization': 'Who may pass.',
  '.RateLimiter': 'How many requests may pass.',
  '.OutputCache': 'Which answers are stored and given again.',
})

const cors = within('Policies.Cors', {
  '': 'Which pages of other origins may read answers, by names of your own.',
  '.*.Origins': 'The origins, such as https://shop.example, or * alone for every one.',
  '.*.Methods': 'The methods that their scripts may use.',
  '.*.Headers': 'The headers that their scripts may send, or * for every one.',
  '.*.ExposedHeaders':
    'The headers of answers that their scripts may read, besides those that they always may.',
  '.*.Credentials': 'Whether their requests may carry cookies. Not for every origin.',
  '.*.MaxAge': 'How long browsers may remember all this.',
})

const timeouts = within('Policies.Timeout', {
  '': 'The most time that an exchange may take, by names of your own.',
  '.*.Timeout': 'The time, after which the client gets 504.',
})

const others = {
  TrustedProxies:
    'Addresses and networks, such as 10.0.0.0/8, of proxies in front of the gateway: what they write into X-Forwarded-For is believed. Without it nobody is.',
}

/** Keys of `Policies`, and what stands beside it. */
export const policyKeys = { ...top, ...kinds, ...cors, ...timeouts, ...others }
