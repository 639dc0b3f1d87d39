import { randomBytes } from 'node:crypto'
import { decodeVersion, encodeVersion, tokenBytes } from '../../entry/entry.ts'
import { type Acquired, type CacheStore, StoreUnavailable } from '../cache-store.ts'
import type { Argument } from './client.ts'
import {
  acquireScript,
  enterScript,
  fillScript,
  markScript,
  raiseScript,
  releaseScript,
  replaceScript,
  type Script,
} from './scripts.ts'

/** Sends commands about one key each to the server that has it. Rejects with `StoreUnavailable`. */
export type KeyedClient = {
  send(key: string, command: string, ...values: Argument[]): Promise<unknown>
  get(key: string): Promise<Buffer | undefined>
  getMany: CacheStore['getMany']
}

/** What a store does with keys: each command has one, so that it is all the same whether they are on one server or on many. */
export type KeyCommands = Pick<
  CacheStore,
  'get' | 'getMany' | 'acquire' | 'fill' | 'replace' | 'release' | 'mark' | 'enter' | 'invalidate' | 'raise'
>

/** The commands of a store over a client of Redis. */
export function keyCommands(client: KeyedClient): KeyCommands {
  function run(script: Script, key: string, ...values: Argument[]): Promise<unknown> {
    return evaluate((...command) => client.send(key, ...command), script, key, ...values)
  }

  return {
    get: client.get,
    getMany: client.getMany,
    async acquire(key, token, lease, refused): Promise<Acquired> {
      const values = [token, Math.ceil(lease), refused ?? '']
      const reply = (await run(acquireScript, key, ...values)) as [number, unknown]
      if (reply[0] === 0) return { kind: 'hit', bytes: reply[1] as Buffer }
      if (reply[0] === 2) return { kind: 'busy', milliseconds: Number(reply[1]) }
      return { kind: 'granted', floor: decodeVersion(reply[1] as Buffer) }
    },
    fill: async (key, token, bytes, ttl) => (await run(fillScript, key, token, bytes, Math.ceil(ttl))) === 1,
    replace: async (key, entryId, bytes, ttl) =>
      (await run(replaceScript, key, entryId, bytes, Math.ceil(ttl))) === 1,
    release: async (key, token) => (await run(releaseScript, key, token)) === 1,
    mark: async (key, mark, ttl = 0) => String(await run(markScript, key, mark, Math.ceil(ttl))),
    async enter(key, mark, form) {
      const [record, milliseconds] = (await run(enterScript, key, mark, form)) as [Buffer, number]
      return { mark: record.toString('latin1', 0, record.indexOf(' ')), milliseconds }
    },
    async invalidate(keys) {
      await Promise.all(keys.map((key) => client.send(key, 'UNLINK', key)))
    },
    async raise(key, floor, hold) {
      await run(raiseScript, key, randomBytes(tokenBytes), encodeVersion(floor), Math.ceil(hold))
    },
  }
}

/** Runs a script on one key, by its hash if the server knows it. */
export async function evaluate(
  send: (command: string, ...values: Argument[]) => Promise<unknown>,
  { source, hash }: Script,
  key: string,
  ...values: Argument[]
): Promise<unknown> {
  try {
    return await send('EVALSHA', hash, 1, key, ...values)
  } catch (error) {
    // NOSCRIPT was certainly not executed, so the same token may be sent again.
    if (!replyIn(error)?.startsWith('NOSCRIPT')) throw error
    return send('EVAL', source, 1, key, ...values)
  }
}

/** What the server replied instead of doing it; `undefined`: it did not reply. */
export const replyIn = (error: unknown): string | undefined =>
  error instanceof StoreUnavailable && error.cause instanceof Error && error.cause.name === 'ReplyError'
    ? error.cause.message
    : undefined
