import { freePort } from '@alicerce/testing'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createPeople } from '../second-factors/people.ts'
import { createForgetful } from './forgetful.ts'

let cluster: Cluster
let people: ReturnType<typeof createPeople>
let port: number
let mailServer: SMTPServer | undefined
const received: { from: string; to: string[]; message: string }[] = []

beforeAll(async () => {
  port = await freePort()
  cluster = await startCluster({
    env: { SMTP_URL: `smtp://sender:secret@127.0.0.1:${port}`, MAIL_FROM: 'Alicerce <post@alicerce.test>' },
  })
  people = createPeople(cluster)
})
afterAll(async () => {
  mailServer?.close()
  await people.close()
  await cluster.close()
})

function startMailServer(): Promise<void> {
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth({ username, password }, _session, answer) {
      const right = username === 'sender' && password === 'secret'
      answer(right ? null : new Error('wrong password'), right ? { user: username } : undefined)
    },
    async onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk)
      const from = envelope.mailFrom ? envelope.mailFrom.address : ''
      const to = envelope.rcptTo.map(({ address }) => address)
      received.push({ from, to, message: Buffer.concat(chunks).toString() })
      done()
    },
  })
  server.on('error', () => {})
  mailServer = server
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
}

test('a mail that no server takes waits, the page does not, and it arrives when the server is back', async () => {
  const { email } = await people.person()
  const answer = await createForgetful(cluster).ask(email)
  expect(answer.status).toBe(200)
  await expect.poll(attempts).toBeGreaterThan(0)
  expect(received).toEqual([])
  // The first try has made a link already: the pause between links must not swallow the mail.
  await startMailServer()
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1)
  expect(received[0]).toMatchObject({ from: 'post@alicerce.test', to: [email] })
  const message = received[0]?.message.replace(/=\r\n/g, '').replaceAll('=3D', '=') ?? ''
  expect(message).toContain(`${cluster.issuer}/reset-password?token=`)
  expect(message).toMatch(/^Auto-Submitted: auto-generated\r$/m)
})

async function attempts(): Promise<number> {
  const [row] = await cluster.sql<{ attempts: number }>(
    `select attempts from outbox where topic = 'password-reset'`,
  )
  return row?.attempts ?? 0
}

test('where mails are sent there is no page that shows them', async () => {
  const response = await fetch(`${cluster.urls[0]}/outbox`, { headers: { accept: 'application/json' } })
  expect(response.status).toBe(404)
})

test('the password of the mail server is in no line of the log', () => {
  expect(JSON.stringify(cluster.log.lines)).not.toContain('secret@')
})
