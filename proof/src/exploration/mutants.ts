import type { Seed } from './check.ts'
import { plansOf } from './plan.ts'
import type { StatementName } from './statements.ts'
import type { Edit } from './variant.ts'
import type { Conditions } from './world.ts'

/** A wrong variant of the cache, or of what stands around it, which an exploration must find. */
export type Mutant = {
  name: string
  /** The statement that does not hold for it. */
  killedBy: StatementName
  edits?: readonly Edit[]
  conditions?: Conditions
  /** Of a narrower kind than those of the statement, so that it is found sooner. */
  plans?: ReturnType<typeof plansOf>
  /** It was found here, and is found again as long as nothing else has changed. */
  found?: Seed
}

const edit = (file: string, before: string, after: string): Edit => ({ file, before, after })

const memoryFill = 'if (!found || !holds(found, token) || versionOf(found) > versionOf(bytes)) return false'
const memoryReplace = `if (!found || !isValue(found) || !hasToken(found, entryId)) return false
      if (versionOf(found) > versionOf(bytes)) return false`
const takeMarks = '    const taken = await parts.marks.take(wanted, of.form, longestLife(of))\n'
const findMarkKeys = '    const markKeys = markKeysOf(of, target.markKeys, loaded.value)\n'
const marksBefore = 'parts.marks.before(began, taken, markKeys)'
/** Those that were taken before the load stay; what the value has besides is asked for now. */
const marksOfNow = `parts.marks.before(
      began,
      new Map([...(await parts.marks.take(markKeys, of.form, longestLife(of))), ...taken]),
      markKeys,
    )`
const landing = `    landed = true
    open = false
  })
  answer.then(
    () => end(),`
const acquire = 'parts.store.acquire(key, token, of.loadTimeout + leaseMargin, refused)'

const wide = plansOf({ by: ['key'], others: ['evict'], mostIdle: 40, mostReads: 6 })
const long = { by: ['key' as const], mostIdle: 60, mostReads: 6 }
const deaf = plansOf({ by: ['key'], others: ['deafness', 'deafness'], mostIdle: 40, mostReads: 5 })

/** What the literature, the peers and our own thoughts have as mistakes. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a token for each client instead of each attempt',
    killedBy: 'acknowledged',
    found: { seed: 6, path: '29' },
    edits: [
      edit(
        'flight/lease.ts',
        'const token = randomBytes(tokenBytes)',
        'const token = (parts.token ??= randomBytes(tokenBytes))',
      ),
    ],
  },
  {
    name: 'the same token sent again after a time-out',
    killedBy: 'acknowledged',
    found: { seed: 19, path: '44' },
    edits: [edit('flight/lease.ts', `await ${acquire}`, `await ${acquire}.catch(() => ${acquire})`)],
  },
  {
    name: 'a lease that is prolonged by taking it again',
    killedBy: 'acknowledged',
    found: { seed: 1, path: '4' },
    edits: [
      edit(
        'flight/lease-flight.ts',
        'put: (bytes, ttl) => store.fill(key, token, bytes, ttl)',
        'put: (bytes, ttl) => store.acquire(key, token, 10_000).then(() => store.fill(key, token, bytes, ttl))',
      ),
    ],
  },
  {
    name: 'a fill by a plain SET',
    killedBy: 'acknowledged',
    found: { seed: 1, path: '4' },
    edits: [edit('store/memory-store.ts', memoryFill, '')],
  },
  {
    name: 'a refresh by a plain SET',
    killedBy: 'refreshes',
    found: { seed: 3, path: '2' },
    plans: wide,
    edits: [edit('store/memory-store.ts', memoryReplace, '')],
  },
  {
    name: 'a load that is always shared with those who joined',
    killedBy: 'acknowledged',
    found: { seed: 1, path: '38' },
    edits: [edit('flight/load-and-store.ts', '(taken) => taken && certain && standsStill(),', '() => true,')],
  },
  {
    name: 'a load that is shared if its fill was accepted, with those too who joined after that was sent',
    killedBy: 'acknowledged',
    found: { seed: 4, path: '10' },
    plans: wide,
    edits: [
      edit('flight/load-and-store.ts', '  flight.close()\n', ''),
      edit(
        'flight/flight.ts',
        landing,
        `    landed = true
  })
  answer.then(
    ({ shared }) => Promise.resolve(shared).finally(() => {
      open = false
      end()
    }),`,
      ),
    ],
  },
  {
    name: 'an entry that acquire finds, shared with those who joined after it was sent',
    killedBy: 'acknowledged',
    found: { seed: 1, path: '38' },
    plans: wide,
    edits: [
      edit(
        'flight/lease-flight.ts',
        "source: 'redis', ttlMilliseconds, shared: false",
        "source: 'redis', ttlMilliseconds, shared: true",
      ),
    ],
  },
  {
    name: 'a GET that is joined after it left',
    killedBy: 'strict',
    plans: plansOf({ by: ['key'], others: [], mostIdle: 25, mostReads: 6 }),
    found: { seed: 3, path: '47' },
    edits: [
      edit(
        'cache-class/second-level.ts',
        'const bytes = store.get(target.key)',
        `const gets = (parts.gets ??= new Map())
      const bytes = gets.get(target.key) ?? store.get(target.key)
      gets.set(target.key, bytes)
      bytes.finally(() => gets.delete(target.key)).catch(() => {})`,
      ),
    ],
  },
  {
    name: 'a filled value that enters the first level at once',
    killedBy: 'acknowledged',
    found: { seed: 2, path: '45' },
    edits: [
      edit(
        'flight/load-and-store.ts',
        '  parts.inBackground(shared)\n',
        `  parts.inBackground(shared.then((stored) => {
    if (!stored) return
    const entry = { value, version: loaded.version, marks, loadedAt, freshUntil: loadedAt + fresh, loadMilliseconds: 1 }
    parts.firstLevel.end(parts.firstLevel.begin(attempt.target.key), { entry, until: loadedAt + fresh, bytes: 1 })
  }))
`,
      ),
    ],
  },
  {
    name: 'a new epoch that forgets the reads under way',
    killedBy: 'losses',
    found: { seed: 7, path: '12' },
    plans: deaf,
    edits: [edit('first-level/first-level.ts', '      epoch++\n', '')],
  },
  {
    name: 'a first level that outlives its epoch',
    killedBy: 'losses',
    found: { seed: 12, path: '6' },
    plans: deaf,
    edits: [edit('first-level/first-level.ts', '      slots.clear()\n      bytesHeld = 0\n', '')],
  },
  {
    name: 'a push that does not mark the reads under way',
    killedBy: 'acknowledged',
    found: { seed: 2, path: '45' },
    edits: [edit('first-level/first-level.ts', 'placeholder.marked = true', '')],
  },
  {
    name: 'a writer that forgets before it sends the command, and not again when it was done',
    killedBy: 'late pushes',
    found: { seed: 80, path: '14' },
    edits: [edit('cache-class/invalidations.ts', 'late.\n    for (const key of keys) forget(key)', 'late.')],
  },
  {
    name: 'marks that are taken after the load',
    killedBy: 'tags',
    found: { seed: 1, path: '1' },
    edits: [
      edit('flight/load-and-store.ts', takeMarks, ''),
      edit('flight/load-and-store.ts', findMarkKeys, `${takeMarks}${findMarkKeys}`),
    ],
  },
  {
    name: 'marks of the value that are taken after the load',
    killedBy: 'tags of the value',
    found: { seed: 1, path: '23' },
    edits: [edit('flight/load-and-store.ts', marksBefore, marksOfNow)],
  },
  {
    name: 'marks that are held whatever happens',
    killedBy: 'tags',
    found: { seed: 2, path: '40' },
    edits: [edit('cache.ts', '    marks.changed(key)\n', '')],
  },
  {
    name: 'marks that come back, as counters do that begin at 0 again',
    killedBy: 'tags',
    found: { seed: 1, path: '4' },
    edits: [
      edit(
        'marks/marks.ts',
        "const createMark = () => randomBytes(8).toString('base64url')",
        "const createMark = () => 'AAAAAAAAAAA'",
      ),
    ],
  },
  {
    name: 'floors that fall',
    killedBy: 'replica of the database',
    found: { seed: 2, path: '10' },
    edits: [edit('store/memory-store.ts', 'Math.max(floor, found ? versionOf(found) : 0)', 'floor')],
  },
  {
    name: 'a bare removal over a floor',
    killedBy: 'replica of the database',
    found: { seed: 1, path: '1' },
    edits: [
      edit(
        'store/memory-store.ts',
        'put(key, encodeTombstone(randomBytes(tokenBytes), highest), hold)',
        'slots.delete(key); tell(key)',
      ),
    ],
  },
  {
    name: 'invalidation before COMMIT',
    killedBy: 'outbox',
    found: { seed: 1, path: '42' },
    conditions: { outboxFault: 'action before commit' },
  },
  {
    name: 'a watermark that asks for the time after it asked the outbox',
    killedBy: 'outbox',
    found: { seed: 2, path: '6' },
    edits: [
      edit(
        'trust/watermark.ts',
        'const at = seen.now - (await outbox.oldestPending(invalidationTopic))',
        'const waiting = await outbox.oldestPending(invalidationTopic)\n    const at = (await store.readWatermark(key)).now - waiting',
      ),
    ],
  },
  {
    name: 'a cache that nobody tells of late invalidations',
    killedBy: 'outbox',
    found: { seed: 1, path: '0' },
    edits: [edit('cache-class/second-level.ts', "of.untrusted === 'serve' || trust.holds()", 'true')],
  },
  {
    name: 'a store that came back is believed',
    killedBy: 'failover',
    found: { seed: 24, path: '21' },
    plans: plansOf({ ...long, others: ['failover', 'failover'] }),
    edits: [edit('trust/watermark.ts', 'if (seen.at === undefined) await beginAnew()', '')],
  },
  {
    name: 'a loader in an old snapshot',
    killedBy: 'acknowledged',
    found: { seed: 1, path: '1' },
    conditions: { oldSnapshots: true },
  },
]

/** Mistakes that others can make and this cache cannot, having no such part. */
export const notInThisCache: readonly { name: string; why: string }[] = [
  {
    name: 'a quarantine that another writer lifts, or a bare removal over one',
    why: 'there is no quarantine: what a dead writer left behind is bounded by the watermark (docs/adr/0015)',
  },
  {
    name: 'a watermark that goes by the sequence of the outbox',
    why: 'the cache asks how long the oldest row has waited, which the outbox finds among the rows themselves (packages/database)',
  },
  {
    name: 'the order of a tag and its sequence changed about',
    why: 'marks are random and compared for equality, so there is no sequence',
  },
]
