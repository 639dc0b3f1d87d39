/** Of a message; a list where there are several lines of one name. */
type Fields = Readonly<Record<string, string | string[] | undefined>>

/**
 * What happens to the second of two requests: it is answered from what is stored (`reused`), after the service confirmed that (`confirmed`), by the
 * service anew (`fetched`), or by the cache itself with a status.
 */
export type Outcome = 'reused' | 'confirmed' | 'fetched' | 304 | 504

export type Row = {
  what: string
  /** The headers of the service's answers, and their status. */
  answer: Fields
  status?: number
  /** What the first client asks with, and the second. */
  first?: Fields
  second?: Fields
  /** Between the two. */
  seconds?: number
  path?: string
  method?: string
  outcome: Outcome
  /** What the second answer has, or has not. */
  has?: Fields
}

export const fresh = { 'cache-control': 'max-age=60' }
export const stale = { 'cache-control': 'max-age=0' }
export const tag = { etag: '"one"' }
const now = Date.now()
const at = (seconds: number) => new Date(now + seconds * 1000).toUTCString()
const modified = at(-86_400)
/** The form of RFC 850, such as `Sunday, 06-Nov-94 08:49:37 GMT`. */
const oldForm = (date: Date) =>
  date.toUTCString().replace(/^(\w{3}), (\d\d) (\w{3}) \d\d(\d\d)/, (_all, _name, day, month, year) => {
    const name = date.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })
    return `${name}, ${day}-${month}-${year}`
  })
const inTwentyYears = new Date(now + 20 * 365 * 86_400_000)
const fortyYearsAgo = new Date(now - 40 * 365 * 86_400_000)

/** What RFC 9111 asks of a cache that is shared, by section. Where it leaves a choice, ours is the one that gives less away (docs/adr/0016). */
export const rows: Record<string, Row[]> = {
  '§3 what may be stored': [
    { what: 'an answer with a lifetime', answer: fresh, outcome: 'reused' },
    { what: 'an answer with nothing but a validator', answer: tag, outcome: 'confirmed' },
    { what: 'an answer that says nothing', answer: {}, outcome: 'fetched' },
    { what: 'no-store', answer: { 'cache-control': 'no-store, max-age=60' }, outcome: 'fetched' },
    { what: 'no-store in any case', answer: { 'cache-control': 'nO-sTORE, max-age=60' }, outcome: 'fetched' },
    {
      what: 'no-store that understanding would lift',
      answer: { 'cache-control': 'no-store, must-understand, max-age=60' },
      outcome: 'fetched',
    },
    {
      what: 'private, by a shared cache',
      answer: { 'cache-control': 'private, max-age=60' },
      outcome: 'fetched',
    },
    {
      what: 'private with field names',
      answer: { 'cache-control': 'private="x-a", max-age=60' },
      outcome: 'fetched',
    },
    {
      what: 'a directive that nobody knows',
      answer: { 'cache-control': 'max-age=60, foo, bar="a, no-store"' },
      outcome: 'reused',
    },
    { what: 'a 206, which parts are not put together of', answer: fresh, status: 206, outcome: 'fetched' },
    { what: 'an answer to POST', answer: fresh, method: 'POST', outcome: 'fetched' },
    {
      what: 'a request that wants it stored by nobody',
      answer: fresh,
      first: { 'cache-control': 'no-store' },
      outcome: 'fetched',
    },
  ],
  '§3.1 which fields': [
    {
      what: 'a field that nobody knows is stored',
      answer: { ...fresh, 'x-new': 'a' },
      outcome: 'reused',
      has: { 'x-new': 'a' },
    },
    {
      what: 'what Connection names is not',
      answer: { ...fresh, connection: 'x-hop', 'x-hop': 'a' },
      outcome: 'reused',
      has: { 'x-hop': undefined },
    },
    {
      what: 'what belongs to a proxy is not',
      answer: { ...fresh, 'proxy-authenticate': 'Basic', 'proxy-authentication-info': 'a' },
      outcome: 'reused',
      has: { 'proxy-authenticate': undefined, 'proxy-authentication-info': undefined },
    },
  ],
  '§3.5 with Authorization': [
    {
      what: 'is not shared',
      answer: fresh,
      first: { authorization: 'a' },
      second: { authorization: 'a' },
      outcome: 'fetched',
    },
    ...['public', 's-maxage=60', 'must-revalidate'].map(
      (allowing): Row => ({
        what: `is shared where the answer says ${allowing}`,
        answer: { 'cache-control': `max-age=60, ${allowing}` },
        ...{ first: { authorization: 'a' }, second: { authorization: 'b' }, outcome: 'reused' },
      }),
    ),
  ],
  '§4 which requests': [
    { what: 'another query is another', answer: fresh, path: '/api/a?b', outcome: 'fetched' },
    { what: 'HEAD is answered from a GET', answer: fresh, method: 'HEAD', outcome: 'reused' },
    {
      what: 'no-cache is confirmed each time',
      answer: { ...tag, 'cache-control': 'no-cache, max-age=60' },
      outcome: 'confirmed',
    },
    {
      what: 'no-cache with field names counts for all',
      answer: { ...tag, 'cache-control': 'no-cache="x-a", max-age=60' },
      outcome: 'confirmed',
    },
    {
      what: 'what is given again has its age',
      answer: fresh,
      seconds: 7,
      outcome: 'reused',
      has: { age: '7' },
    },
  ],
  '§4.1 Vary': [
    {
      what: 'the same value',
      answer: { ...fresh, vary: 'Foo' },
      first: { foo: '1' },
      second: { foo: '1' },
      outcome: 'reused',
    },
    {
      what: 'another value',
      answer: { ...fresh, vary: 'Foo' },
      first: { foo: '1' },
      second: { foo: '2' },
      outcome: 'fetched',
    },
    {
      what: 'a value where there was none',
      answer: { ...fresh, vary: 'Foo' },
      second: { foo: '1' },
      outcome: 'fetched',
    },
    {
      what: 'none where there was one',
      answer: { ...fresh, vary: 'Foo' },
      first: { foo: '1' },
      outcome: 'fetched',
    },
    { what: 'none in both', answer: { ...fresh, vary: 'Foo' }, outcome: 'reused' },
    {
      what: 'blanks make no difference',
      answer: { ...fresh, vary: 'Foo' },
      first: { foo: '1, 2' },
      second: { foo: ' 1,  2' },
      outcome: 'reused',
    },
    {
      what: 'one of several differs',
      answer: { ...fresh, vary: 'Foo, Bar' },
      first: { foo: '1', bar: '1' },
      second: { foo: '1', bar: '2' },
      outcome: 'fetched',
    },
    {
      what: 'several lines count',
      answer: { ...fresh, vary: ['Foo', 'Bar'] },
      first: { bar: '1' },
      second: { bar: '2' },
      outcome: 'fetched',
    },
    {
      what: 'a field that it does not name',
      answer: { ...fresh, vary: 'Foo' },
      first: { foo: '1', bar: '1' },
      second: { foo: '1', bar: '2' },
      outcome: 'reused',
    },
    { what: '* fits nobody', answer: { ...fresh, vary: '*' }, outcome: 'fetched' },
    { what: '* in a list', answer: { ...fresh, vary: 'Foo, *' }, outcome: 'fetched' },
    { what: '* in a line of its own', answer: { ...fresh, vary: ['Foo', '*'] }, outcome: 'fetched' },
  ],
  '§4.2.1 how long it is fresh': [
    { what: 'max-age, to its last second', answer: fresh, seconds: 59, outcome: 'reused' },
    { what: 'max-age, and not longer', answer: fresh, seconds: 60, outcome: 'fetched' },
    {
      what: 'max-age before Expires',
      answer: { ...fresh, date: at(0), expires: at(-10) },
      outcome: 'reused',
    },
    {
      what: 'max-age=0 before Expires',
      answer: { ...stale, date: at(0), expires: at(60) },
      outcome: 'fetched',
    },
    {
      what: 's-maxage before max-age',
      answer: { 'cache-control': 'max-age=0, s-maxage=60' },
      outcome: 'reused',
    },
    {
      what: 's-maxage=0 before max-age',
      answer: { 'cache-control': 'max-age=60, s-maxage=0' },
      outcome: 'fetched',
    },
    { what: 'names in any case', answer: { 'cache-control': 'Max-aGE=60' }, outcome: 'reused' },
    { what: 'a number in quotes', answer: { 'cache-control': 'max-age="60"' }, outcome: 'reused' },
    { what: 'a number with zeros', answer: { 'cache-control': 'max-age=00060' }, outcome: 'reused' },
    {
      what: 'a number beyond 31 bits',
      answer: { 'cache-control': 'max-age=99999999999' },
      seconds: 86_400,
      outcome: 'reused',
    },
    {
      what: 'a number in a quoted extension',
      answer: { 'cache-control': 'ext="max-age=60"' },
      outcome: 'fetched',
    },
    ...['', '-60', '60.5', 'a60', '60a', "'60'"].map(
      (number): Row => ({
        what: `a max-age of «${number}» is none`,
        ...{ answer: { 'cache-control': `max-age=${number}` }, outcome: 'fetched' },
      }),
    ),
    {
      what: 'two that differ, the shorter first',
      answer: { 'cache-control': 'max-age=0, max-age=60' },
      outcome: 'fetched',
    },
    {
      what: 'two that differ, in two lines',
      answer: { 'cache-control': ['max-age=60', 'max-age=0'] },
      outcome: 'fetched',
    },
  ],
  '§5.3 Expires': [
    { what: 'a date ahead', answer: { date: at(0), expires: at(60) }, seconds: 50, outcome: 'reused' },
    {
      what: 'a date that is over',
      answer: { date: at(0), expires: at(60) },
      seconds: 61,
      outcome: 'fetched',
    },
    { what: 'the moment of the answer', answer: { date: at(0), expires: at(0) }, outcome: 'fetched' },
    {
      what: 'counts from Date, not from our clock',
      answer: { date: at(-30), expires: at(30) },
      seconds: 31,
      outcome: 'fetched',
    },
    ...[
      '0',
      '-1',
      'soon',
      '',
      at(60).replace('GMT', 'UTC'),
      at(60).replace('GMT', '+0100'),
      at(60).toLowerCase(),
      at(60).replace(',', ''),
    ].map(
      (expires): Row => ({
        what: `«${expires}» is past`,
        answer: { date: at(0), expires },
        outcome: 'fetched',
      }),
    ),
    {
      what: 'the form of RFC 850, in twenty years',
      answer: { expires: oldForm(inTwentyYears) },
      outcome: 'reused',
    },
    {
      what: 'the form of RFC 850, forty years ago',
      answer: { expires: oldForm(fortyYearsAgo) },
      outcome: 'fetched',
    },
    { what: 'the form of asctime', answer: { expires: 'Sun Nov  6 08:49:37 2094' }, outcome: 'reused' },
  ],
  '§4.2.3, §5.1 how old it is': [
    { what: 'Age counts', answer: { ...fresh, age: '40' }, seconds: 20, outcome: 'fetched' },
    {
      what: 'Age is added to',
      answer: { ...fresh, age: '40' },
      seconds: 10,
      outcome: 'reused',
      has: { age: '50' },
    },
    { what: 'an Age beyond 31 bits', answer: { ...fresh, age: '2147483649' }, outcome: 'fetched' },
    {
      what: 'Date counts where it says more',
      answer: { ...fresh, age: '1', date: at(-61) },
      outcome: 'fetched',
    },
    {
      what: 'a Date ahead makes nothing younger',
      answer: { ...fresh, date: at(600) },
      seconds: 60,
      outcome: 'fetched',
    },
    { what: 'of several Ages the first counts', answer: { ...fresh, age: '0, 600' }, outcome: 'reused' },
    {
      what: 'of several Ages the first counts, old',
      answer: { ...fresh, age: '600, 0' },
      outcome: 'fetched',
    },
    {
      what: 'an Age that is no number is ignored',
      answer: { ...fresh, age: 'old' },
      outcome: 'reused',
      has: { age: '0' },
    },
    {
      what: 'an Age below nothing is ignored',
      answer: { ...fresh, age: '-600' },
      seconds: 60,
      outcome: 'fetched',
    },
  ],
  '§4.3 validation': [
    { what: 'by its tag', answer: { ...stale, ...tag }, outcome: 'confirmed' },
    { what: 'by a weak tag', answer: { ...stale, etag: 'W/"one"' }, outcome: 'confirmed' },
    { what: 'by its date', answer: { ...stale, 'last-modified': modified }, outcome: 'confirmed' },
    {
      what: 'the client has it, by its tag',
      answer: { ...fresh, ...tag },
      second: { 'if-none-match': '"one"' },
      outcome: 304,
    },
    {
      what: 'the client has it, weakly',
      answer: { ...fresh, ...tag },
      second: { 'if-none-match': 'W/"one"' },
      outcome: 304,
    },
    {
      what: 'the client has it among others',
      answer: { ...fresh, ...tag },
      second: { 'if-none-match': '"two, three", "one"' },
      outcome: 304,
    },
    {
      what: 'the client has any',
      answer: { ...fresh, ...tag },
      second: { 'if-none-match': '*' },
      outcome: 304,
    },
    {
      what: 'the client has another',
      answer: { ...fresh, ...tag },
      second: { 'if-none-match': '"two"' },
      outcome: 'reused',
    },
    {
      what: 'the client has it since then',
      answer: { ...fresh, 'last-modified': modified },
      second: { 'if-modified-since': modified },
      outcome: 304,
    },
    {
      what: 'the client has an older one',
      answer: { ...fresh, 'last-modified': modified },
      second: { 'if-modified-since': at(-90_000) },
      outcome: 'reused',
    },
    {
      what: 'a tag goes before a date',
      answer: { ...fresh, ...tag, 'last-modified': modified },
      second: { 'if-none-match': '"two"', 'if-modified-since': modified },
      outcome: 'reused',
    },
  ],
  '§5.2.1 what the client says': [
    { what: 'no-cache', answer: fresh, second: { 'cache-control': 'no-cache' }, outcome: 'fetched' },
    { what: 'no-store', answer: fresh, second: { 'cache-control': 'no-store' }, outcome: 'fetched' },
    { what: 'max-age=0', answer: fresh, second: { 'cache-control': 'max-age=0' }, outcome: 'fetched' },
    {
      what: 'max-age above the age',
      answer: fresh,
      second: { 'cache-control': 'max-age=20' },
      seconds: 10,
      outcome: 'reused',
    },
    {
      what: 'max-age below the age',
      answer: fresh,
      second: { 'cache-control': 'max-age=5' },
      seconds: 10,
      outcome: 'fetched',
    },
    {
      what: 'min-fresh that is there',
      answer: fresh,
      second: { 'cache-control': 'min-fresh=50' },
      seconds: 10,
      outcome: 'reused',
    },
    {
      what: 'min-fresh that is not',
      answer: fresh,
      second: { 'cache-control': 'min-fresh=51' },
      seconds: 10,
      outcome: 'fetched',
    },
    {
      what: 'max-stale, which is not taken up',
      answer: fresh,
      second: { 'cache-control': 'max-stale' },
      seconds: 61,
      outcome: 'fetched',
    },
    {
      what: 'only-if-cached, and it is',
      answer: fresh,
      second: { 'cache-control': 'only-if-cached' },
      outcome: 'reused',
    },
    {
      what: 'only-if-cached, and it is not any more',
      answer: fresh,
      second: { 'cache-control': 'only-if-cached' },
      seconds: 60,
      outcome: 504,
    },
    { what: 'Pragma: no-cache (§5.4)', answer: fresh, second: { pragma: 'no-cache' }, outcome: 'fetched' },
    {
      what: 'Pragma beside Cache-Control, which goes before it',
      answer: fresh,
      second: { pragma: 'no-cache', 'cache-control': 'max-age=60' },
      outcome: 'reused',
    },
  ],
}
