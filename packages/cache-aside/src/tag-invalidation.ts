import { invalidationTopic } from './cache-class/invalidations.ts'
import { tagMarkKey } from './key/keys.ts'

/**
 * What makes all values with the tag void, as a message of the outbox: for a transaction of a program that has no cache, such as a seed. The
 * relay of a process that has one delivers it.
 */
export function tagInvalidation(
  namespace: string,
  tag: string,
): { topic: string; key: string; payload: { keys: string[] } } {
  const key = tagMarkKey(namespace, tag)
  return { topic: invalidationTopic, key, payload: { keys: [key] } }
}
