import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from '#src/index.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void) {
  const chunks: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  write(createLog({ name: 'orders', level: 'debug', destination }))
  return chunks.join('')
}

test('SV-33 a line is JSON with service, level, time and message', () => {
  const line = JSON.parse(logged((log) => log.info({ count: 2 }, 'Counted')))
  expect(line).toMatchObject({ service: 'orders', level: 'info', count: 2, msg: 'Counted' })
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT/)
})

test('SV-32 PR-07 no planted secret gets into a line, wherever it stands', () => {
  const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'
  const failure = Object.assign(new Error(`connect postgres://app:hunter2@db failed with Bearer ${jwt}`), {
    parameters: ['4111111111111111'],
    cause: new Error('redis://:hunter2@cache'),
  })
  const text = logged((log) => {
    log.info({ password: 'hunter2', accessToken: 'hunter2', cookie: 'hunter2' }, `Token ${jwt}`)
    log.debug({ header: `Bearer ${jwt}`, list: [jwt], body: { cardNumber: '4111111111111111' } }, 'Body')
    log.error({ error: failure }, 'Failed')
    log.warn(failure)
    log.warn({ error: failure })
  })
  expect(text).not.toMatch(/hunter2|4111111111111111|c2lnbmF0dXJl/)
  expect(text).toContain('failed with Bearer [redacted]')
})

test('PR-08 an object is named, never written', () => {
  const line = JSON.parse(logged((log) => log.info({ command: { secret: 1 }, rows: [{ id: 1 }] }, 'Command')))
  expect(line).toMatchObject({ command: '[Object]', rows: ['[Object]'] })
})
