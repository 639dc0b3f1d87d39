import { within } from './within.ts'

const top = {
  Policies: 'What routes may name, each kind by names of your own.',
}

const kinds = within('Policies', {
  '.Authorization': 'Who may pass.',
  '.RateLimiter': 'How many requests may pass.',
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

const outputCaches = within('Policies.OutputCache', {
  '': 'Which answers to GET are stored in memory and given again (RFC 9111), by names of your own. What the service says in Cache-Control and Vary holds.',
  '.*.Duration':
    'How long an answer is fresh whose service does not say it. Only successes, and nothing that was asked with credentials or cookies.',
  '.*.VaryByHeaders': 'Headers that tell answers apart, besides those that the service names in Vary.',
  '.*.VaryByQuery': 'The parameters of the query that tell answers apart, or * for all.',
  '.*.VaryByUser':
    'Whether answers to requests with credentials are stored for each user alone, those that are private too. Otherwise they are stored only where the service says that they are for all.',
  '.*.MaxBytes': 'The longest body that is stored, in bytes.',
  '.*.StaleWhileRevalidate':
    'For how long after it was fresh an answer is still given at once, while it is fetched anew. Where it is not set, only as long as the service says.',
  '.*.StaleIfError':
    'For how long after it was fresh an answer is given where the service fails. Where it is not set, only as long as the service says.',
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
export const policyKeys = { ...top, ...kinds, ...cors, ...outputCaches, ...timeouts, ...others }
