import { expect, test } from 'vitest'
import { createApiClient, createConsistency } from '../src/index.ts'

function tabsOf(storage: { text: string | null }) {
  const clock = { now: 1000 }
  const tab = (answers: Response[] = []) => {
    const requests: Request[] = []
    const client = createApiClient({
      baseUrl: 'https://app.test/api',
      tokens: { current: async () => undefined, renew: async () => undefined },
      consistency: createConsistency(
        {
          read: () => storage.text,
          write: (text) => {
            storage.text = text
          },
        },
        () => clock.now,
      ),
      fetch: async (request) => {
        requests.push(request)
        return answers.shift() ?? Response.json({ items: [] })
      },
    })
    const shown = async () => {
      await client.GET('/catalogue/categories')
      return requests.at(-1)?.headers.get('consistency-token')
    }
    return { client, shown }
  }
  return { clock, tab }
}

const written = (token: string) => Response.json({}, { headers: { 'consistency-token': token } })
const write = ({ client }: { client: ReturnType<typeof createApiClient> }) =>
  client.PUT('/users/me', { params: { header: { 'If-Match': '"1"' } }, body: { name: 'Rita', locale: 'en' } })

test('what was written is shown with what is read, by every tab, until no cache can be behind it', async () => {
  const { clock, tab } = tabsOf({ text: null })
  const [one, other] = [tab([written('first'), written('second')]), tab()]
  expect(await other.shown()).toBeNull()
  await write(one)
  clock.now += 4000
  await write(one)
  expect(await one.shown()).toBe('second, first')
  expect(await other.shown()).toBe('second, first')
  clock.now += 7000
  expect(await other.shown()).toBe('second')
  clock.now += 4000
  expect(await other.shown()).toBeNull()
})

test('many writes leave room for the other headers, and the newest are shown', async () => {
  const { tab } = tabsOf({ text: null })
  const tokens = Array.from({ length: 12 }, (_, index) => String(index).repeat(800 / String(index).length))
  const one = tab(tokens.map(written))
  for (const _ of tokens) await write(one)
  expect((await one.shown())?.split(', ')).toEqual(tokens.slice(-5).toReversed())
})

test.each(['{', '7', '[null, {"token": 1}, "x"]', '[{"token":"far","until":1e15}]'])(
  'what others have left in the storage (%s) is nothing',
  async (text) => {
    const { tab } = tabsOf({ text })
    expect(await tab().shown()).toBeNull()
  },
)

test('a browser without room does not turn a write into a failure', async () => {
  const full = {
    read: () => null,
    write: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  expect(() => createConsistency(full).keep(written('token'))).not.toThrow()
})
