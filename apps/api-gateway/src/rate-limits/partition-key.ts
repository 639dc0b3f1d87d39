import { isIPv6 } from 'node:net'
import type { Exchange } from '@alicerce/reverse-proxy'
import type { ExchangeNotes } from '#src/exchange-notes.ts'
import type { RateLimitPolicy } from './rate-limit-policy.ts'

/** Who or what an exchange is counted for. Each part says what it is, so that nobody can be counted as somebody else by his name. */
export function partitionKey(
  { name, partitions }: RateLimitPolicy,
  exchange: Exchange,
  notes: ExchangeNotes,
): string {
  let key = name
  for (const partition of partitions) {
    if (partition === 'Route') key += `|route=${exchange.route?.id}`
    else if (partition === 'Subject' && notes.subject) key += `|subject=${notes.subject}`
    else if (partition === 'Client' && notes.clientId) key += `|client=${notes.clientId}`
    else key += `|address=${networkOf(exchange.client?.address ?? '')}`
  }
  return key
}

/** The first half of an IPv6 address: whoever has one address of such a network has all of them. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const behind = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : 8 - groups.length - behind.length
  const all = [...groups, ...new Array<string>(Math.max(0, zeros)).fill('0'), ...behind]
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
