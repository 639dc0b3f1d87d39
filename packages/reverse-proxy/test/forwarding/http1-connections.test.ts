import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { until } from '@alicerce/testing'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { blamesDestination, nameError } from '#src/forwarding/forwarder-error.ts'
import { answer } from './answer.ts'
import { startRawUpstream } from './raw-upstream.ts'
import { forwarderTo, type Sent, send } from './send.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('GW-61 a connection is used again only where nothing on it is uncertain', () => {
  const ok = 'HTTP/1.1 200 OK\r\n'
  test.each([
    ['a stated length', 'GET', answer('abc'), 1],
    ['chunks', 'GET', `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, 1],
    ['204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n', 1],
    ['304', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n', 1],
    ['Connection: keep-alive', 'GET', answer('abc', 'Connection: keep-alive\r\n'), 1],
    ['Keep-Alive with time enough', 'GET', answer('abc', 'Keep-Alive: timeout=5, max=100\r\n'), 1],
    ['Connection: close', 'GET', answer('abc', 'Connection: close\r\n'), 2],
    ['close among others', 'GET', answer('abc', 'Connection: x-a, Close\r\n'), 2],
    ['Keep-Alive with no time left', 'GET', answer('abc', 'Keep-Alive: timeout=1\r\n'), 2],
    ['HTTP/1.0', 'GET', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', 2],
    [
      'HTTP/1.0 that would go on',
      'GET',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
      2,
    ],
    ['HEAD', 'HEAD', `${ok}Content-Length: 3\r\n\r\n`, 2],
    ['HEAD with a body after all', 'HEAD', answer('abc'), 2],
  ])('%s', async (_what, method, bytes, connections) => {
    const upstream = await startRawUpstream({ request: (socket) => socket.write(bytes) })
    const forwarder = forwarderTo(upstream)
    expect((await send(forwarder, { method }).done).events.at(-1)).toBe('end')
    expect((await send(forwarder, { method }).done).events.at(-1)).toBe('end')
    expect(upstream.sockets.length).toBe(connections)
  })

  describe.each(['right behind it', 'idle'])('what lies unread on a connection, %s,', (when) => {
    test.each([
      ['is no answer to the next request', '/forge'],
      ['if it is the end, costs no request, not even one that may not be repeated', '/end'],
    ])('%s', async (_what, path) => {
      const { origin, standStill } = await startLateUpstream()
      const forwarder = forwarderTo({ origin })
      for (let round = 0; round < 10; round++) {
        // The upstream says more while this thread stands still; then the next request comes, before anything could be read.
        const { promise, resolve } = Promise.withResolvers<Sent>()
        const sendNext = () => {
          standStill()
          resolve(send(forwarder, { method: 'POST', path: '/next' }))
        }
        const onEnd = () => void (when === 'idle' ? setImmediate(() => setImmediate(sendNext)) : sendNext())
        send(forwarder, { path }, { onEnd })
        expect((await (await promise).done).body).toBe('/next')
      }
    })
  })
})

describe('GW-31 an idle connection that the upstream lets go of', () => {
  /** Answers the first request of each connection; what becomes of the second is for `second` to say. */
  const lettingGo = (second: (socket: Socket) => void, third = second) => {
    const counts = new Map<Socket, number>()
    let seconds = 0
    return startRawUpstream({
      request(socket) {
        const count = (counts.get(socket) ?? 0) + 1
        counts.set(socket, count)
        if (count === 1 && seconds < 1) return void socket.write(answer('abc'))
        if (count === 1) return void (third === second ? socket.write(answer('abc')) : third(socket))
        seconds++
        second(socket)
      },
    })
  }

  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])(
    '%s without a body goes again, once',
    async (method) => {
      for (const second of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
        const upstream = await lettingGo(second)
        const forwarder = forwarderTo(upstream)
        await send(forwarder).done
        const heard = await send(forwarder, { method, path: '/again' }).done
        expect(heard.events).toContain('headers')
        expect(upstream.sockets.length).toBe(2)
        expect(upstream.received.filter((text) => text.includes('/again')).length).toBe(2)
      }
    },
  )

  test('not twice', async () => {
    const upstream = await lettingGo(
      (socket) => socket.end(),
      (socket) => socket.destroy(),
    )
    const forwarder = forwarderTo(upstream)
    await send(forwarder).done
    const heard = await send(forwarder).done
    expect(heard.events).toEqual(['error'])
    expect(heard.error?.code).toBe('upstream-connection-closed')
    expect(upstream.sockets.length).toBe(2)
  })

  test.each([
    ['POST', undefined],
    ['PATCH', undefined],
    ['PUT', 'body'],
    ['DELETE', 'body'],
  ])('%s with body %j does not', async (method, body) => {
    const upstream = await lettingGo((socket) => socket.end())
    const forwarder = forwarderTo(upstream)
    await send(forwarder).done
    const heard = await send(forwarder, {
      method,
      body: body ? Readable.from([Buffer.from(body)]) : undefined,
    }).done
    expect(heard.error?.code).toBe('upstream-connection-closed')
    expect(nameError(heard.error as Error, false)).toBe('Request')
    expect(upstream.sockets.length).toBe(1)
  })

  test('nothing goes again once a byte of the answer came', async () => {
    const upstream = await lettingGo((socket) => socket.end('H'))
    const forwarder = forwarderTo(upstream)
    await send(forwarder).done
    expect((await send(forwarder).done).error?.code).toBe('upstream-connection-closed')
    expect(upstream.sockets.length).toBe(1)
  })

  test('nothing goes again on a connection that is new', async () => {
    const upstream = await startRawUpstream({ request: (socket) => socket.end() })
    expect((await send(forwarderTo(upstream)).done).error?.code).toBe('upstream-connection-closed')
    expect(upstream.sockets.length).toBe(1)
  })
})

describe('GW-28 connections are bounded', () => {
  /** Answers when told to, in the order in which requests came. */
  async function startHolding() {
    const held: (() => void)[] = []
    const paths: string[] = []
    const upstream = await startRawUpstream({
      request(socket, head) {
        paths.push(head.split(' ')[1] ?? '')
        held.push(() => socket.write(answer('abc')))
      },
    })
    return { ...upstream, held, paths }
  }

  test('who finds none free waits, and is served in turn', async () => {
    const upstream = await startHolding()
    const forwarder = forwarderTo(upstream, { connections: 2 })
    const sent = Array.from({ length: 6 }, (_, index) => send(forwarder, { path: `/${index}` }))
    for (let served = 0; served < 6; served++) {
      await until(() => upstream.held.length > served)
      upstream.held[served]?.()
    }
    for (const { done } of sent) expect((await done).events.at(-1)).toBe('end')
    expect(upstream.paths).toEqual(['/0', '/1', '/2', '/3', '/4', '/5'])
    expect(upstream.sockets.length).toBe(2)
  })

  test('who leaves while he waits takes no connection', async () => {
    const upstream = await startHolding()
    const forwarder = forwarderTo(upstream, { connections: 1 })
    const [first, second, third] = [0, 1, 2].map((index) => send(forwarder, { path: `/${index}` })) as [
      Sent,
      Sent,
      Sent,
    ]
    const reason = new Error('left')
    second.flow.abort(reason)
    second.flow.abort(new Error('later'))
    expect(second.heard.error).toBe(reason)
    await until(() => upstream.held.length === 1)
    upstream.held[0]?.()
    await first.done
    await until(() => upstream.held.length === 2)
    upstream.held[1]?.()
    await third.done
    expect(upstream.paths).toEqual(['/0', '/2'])
  })

  test('no more wait than a bound, and none longer than a bound', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const upstream = await startHolding()
    const forwarder = forwarderTo(upstream, { connections: 1 })
    const sent = Array.from({ length: 1 + 1024 }, () => send(forwarder))
    const refused = await send(forwarder).done
    expect(refused.error?.code).toBe('upstream-queue-full')
    expect(nameError(refused.error as Error, false)).toBe('NoAvailableDestinations')
    await until(() => upstream.held.length === 1)
    vi.advanceTimersByTime(16_000)
    for (const { done } of sent.slice(1)) expect((await done).error?.code).toBe('upstream-queue-timeout')
    upstream.held[0]?.()
    expect((await (sent[0] as Sent).done).events.at(-1)).toBe('end')
  })

  test('a connection that fails makes room for who waits', async () => {
    let count = 0
    const upstream = await startRawUpstream({
      request: (socket) => void (++count === 1 ? socket.destroy() : socket.write(answer('abc'))),
    })
    const forwarder = forwarderTo(upstream, { connections: 1 })
    const [first, second] = [send(forwarder, { method: 'POST' }), send(forwarder)] as const
    expect((await first.done).error?.code).toBe('upstream-connection-closed')
    expect((await second.done).body).toBe('abc')
  })

  test('of idle connections the last used is the first used, and those that are too many are closed after 4 s', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const upstream = await startHolding()
    const forwarder = forwarderTo(upstream)
    const sent = [send(forwarder), send(forwarder), send(forwarder)]
    await until(() => upstream.held.length === 3)
    for (const release of upstream.held) release()
    for (const { done } of sent) await done
    for (let round = 0; round < 5; round++) {
      vi.advanceTimersByTime(1000)
      const again = send(forwarder)
      await until(() => upstream.held.length === 4 + round)
      upstream.held[3 + round]?.()
      await again.done
    }
    await until(() => upstream.open() === 1)
    expect(upstream.sockets.length).toBe(3)
    vi.advanceTimersByTime(5000)
    await until(() => upstream.open() === 0)
  })
})

describe('GW-25 nothing may flow for so long', () => {
  test('an upstream that takes no connection is given up after 15 s', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    // It accepts on TCP and never answers the TLS handshake.
    const upstream = await startRawUpstream({})
    const { done, heard } = send(forwarderTo({ origin: upstream.origin.replace('http:', 'https:') }))
    await until(() => upstream.received[0] !== undefined && upstream.received[0] !== '')
    vi.advanceTimersByTime(14_900)
    expect(heard.events).toEqual([])
    vi.advanceTimersByTime(600)
    expect((await done).error?.code).toBe('upstream-connect-timeout')
    expect(nameError(heard.error as Error, false)).toBe('RequestTimedOut')
    await until(() => upstream.open() === 0)
  })

  test('an upstream that never answers', async () => {
    const upstream = await startRawUpstream({})
    const { heard, done } = send(forwarderTo(upstream), { activityTimeoutMilliseconds: 100 })
    expect((await done).error?.code).toBe('upstream-activity-timeout')
    expect(nameError(heard.error as Error, false)).toBe('RequestTimedOut')
    await until(() => upstream.open() === 0)
  })

  test('an upstream that stops in its answer', async () => {
    const upstream = await startRawUpstream({
      request: (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
    })
    const heard = await send(forwarderTo(upstream), { activityTimeoutMilliseconds: 100 }).done
    expect(heard.events).toEqual(['headers', 'data', 'error'])
    expect(heard.error?.code).toBe('upstream-activity-timeout')
    expect(nameError(heard.error as Error, true)).toBe('ResponseBodyDestination')
  })

  test('whatever flows begins the time anew: an answer may take longer than it', async () => {
    const upstream = await startRawUpstream({
      async request(socket) {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n')
        for (let index = 0; index < 12; index++) {
          await sleep(100)
          socket.write('a')
        }
      },
    })
    const heard = await send(forwarderTo(upstream), { activityTimeoutMilliseconds: 400 }).done
    expect(heard.body).toBe('a'.repeat(12))
  })

  test('a client that takes nothing is not the fault of the upstream', async () => {
    const upstream = await startRawUpstream({
      request: (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
    })
    const heard = await send(
      forwarderTo(upstream),
      { activityTimeoutMilliseconds: 100 },
      { onData: () => false },
    ).done
    expect(heard.error?.code).toBe('response-body-stalled')
    expect(blamesDestination(nameError(heard.error as Error, true))).toBe(false)
  })

  test('a client that sends nothing is not the fault of the upstream', async () => {
    const upstream = await startRawUpstream({})
    const body = new Readable({ read() {} })
    const heard = await send(forwarderTo(upstream), {
      ...{ method: 'POST', body, activityTimeoutMilliseconds: 100 },
    }).done
    expect(heard.error?.code).toBe('request-body-stalled')
    expect(blamesDestination(nameError(heard.error as Error, false))).toBe(false)
  })
})

describe('GW-59 who leaves takes the upstream’s connection with him, at every stage', () => {
  const reason = new Error('left')
  const beginningWith = (text: string) => {
    const body = new Readable({ read() {} })
    body.push(text)
    return body
  }
  test.each([
    ['connecting', {}, 0, undefined],
    ['asked', {}, 1, undefined],
    ['within the headers', {}, 1, 'HTTP/1.1 200 OK\r\nX-A: '],
    ['within the body', {}, 1, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
    ['within chunks', {}, 1, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc'],
    ['within the upload', { method: 'POST', body: true }, 1, undefined],
  ] as const)('%s', async (_what, request, connections, bytes) => {
    const upstream = await startRawUpstream({ request: (socket) => bytes && socket.write(bytes) })
    const body = 'body' in request ? beginningWith('part') : undefined
    const { flow, heard } = send(forwarderTo(upstream), { ...request, body })
    if (connections > 0) await until(() => upstream.received[0]?.includes('\r\n\r\n'))
    if (bytes?.includes('\r\n\r\n')) await until(() => heard.body === 'abc')
    flow.abort(reason)
    expect(heard.error).toBe(reason)
    flow.abort(new Error('again'))
    flow.resume()
    await sleep(50)
    await until(() => upstream.open() === 0)
    expect(heard.events.filter((event) => event === 'error').length).toBe(1)
  })

  test.each(['onHeaders', 'onData'] as const)('from within %s nothing more is heard', async (when) => {
    const upstream = await startRawUpstream({
      request: (socket) =>
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n'),
    })
    const abort = () => {
      sent.flow.abort(reason)
      return true
    }
    const sent: Sent = send(forwarderTo(upstream), {}, { [when]: abort })
    await sent.done
    expect(sent.heard.events.at(-1)).toBe('error')
    expect(sent.heard.body).toBe(when === 'onData' ? 'a' : '')
    await until(() => upstream.open() === 0)
  })

  test('after the end it changes nothing: the connection is used again', async () => {
    const upstream = await startRawUpstream({ request: (socket) => socket.write(answer('abc')) })
    const forwarder = forwarderTo(upstream)
    const { flow, done } = send(forwarder)
    await done
    const next = send(forwarder)
    flow.abort(reason)
    flow.resume()
    expect((await next.done).body).toBe('abc')
    expect(upstream.sockets.length).toBe(1)
  })
})

describe('closing', () => {
  test('lets what is at work and what waits end, then closes; later requests are refused', async () => {
    const held: (() => void)[] = []
    const upstream = await startRawUpstream({
      request: (socket) => void held.push(() => socket.write(answer('abc'))),
    })
    const forwarder = forwarderTo(upstream, { connections: 1 })
    const [atWork, waiting] = [send(forwarder), send(forwarder)] as const
    await until(() => held.length === 1)
    let isClosed = false
    const closed = forwarder.close().then(() => {
      isClosed = true
    })
    expect((await send(forwarder).done).error?.code).toBe('forwarder-closed')
    held[0]?.()
    await atWork.done
    await until(() => held.length === 2)
    expect(isClosed).toBe(false)
    held[1]?.()
    await waiting.done
    await closed
    await until(() => upstream.open() === 0)
  })

  test('closes idle connections at once', async () => {
    const upstream = await startRawUpstream({ request: (socket) => socket.write(answer('abc')) })
    const forwarder = forwarderTo(upstream)
    await send(forwarder).done
    await forwarder.close()
    await until(() => upstream.open() === 0)
  })
})

test('an upstream that is not there is an error of the request', async () => {
  const heard = await send(forwarderTo({ origin: 'http://127.0.0.1:1' })).done
  expect(heard.error?.code).toBe('ECONNREFUSED')
  expect(nameError(heard.error as Error, false)).toBe('Request')
})

async function startLateUpstream() {
  const hasSaid = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('late-upstream.ts', import.meta.url), { workerData: hasSaid.buffer })
  onTestFinished(() => void worker.terminate())
  const [port] = (await once(worker, 'message')) as [number]
  const standStill = () => {
    worker.postMessage('more')
    Atomics.wait(hasSaid, 0, 0)
    Atomics.store(hasSaid, 0, 0)
  }
  return { origin: `http://127.0.0.1:${port}`, standStill }
}
