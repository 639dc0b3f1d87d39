import { runNodeLoad } from './node-load.ts'
import type { Target } from './rounds.ts'
import type { Subject } from './subject.ts'
import { bodies, bodyOf, pathOf, postPath, type Size, webSocketPath } from './upstream.ts'
import { runWrk } from './wrk.ts'

/** Puts a subject under one kind of load; `undefined`: it has no such thing. */
export type Kind = (subject: Subject, authorization: string) => Target | undefined

const usualConnections = 64

/** GET of a body. */
export const get =
  (size: Size, connections = usualConnections): Kind =>
  ({ name, pid, url }, authorization) => ({
    ...{ name, pid },
    load: (seconds) =>
      runWrk({ url: url + pathOf(size), connections, seconds, authorization, answerBytes: bodies[size] }),
  })

/** GET of 200 bytes over TLS. */
export const getOverTls: Kind = ({ name, pid, tlsUrl }, authorization) =>
  tlsUrl === undefined
    ? undefined
    : get('200 B')({ name, pid, url: tlsUrl, stop: async () => {} }, authorization)

/** GET of 200 bytes over HTTP/2. */
export const getOverHttp2: Kind = ({ name, pid, http2Url }, authorization) =>
  http2Url === undefined
    ? undefined
    : {
        ...{ name, pid },
        load: (seconds) =>
          runNodeLoad('http2-load', { url: http2Url + pathOf('200 B'), seconds, authorization }),
      }

/** POST of a body; the answer has 200 bytes. */
export const post =
  (size: Size): Kind =>
  ({ name, pid, url }, authorization) => ({
    ...{ name, pid },
    load: (seconds) =>
      runWrk({
        ...{ url: url + postPath, connections: usualConnections, seconds, authorization },
        ...{ postBytes: bodies[size], answerBytes: bodies['200 B'] },
      }),
  })

/** Messages over WebSockets that are open. */
export const messages: Kind = ({ name, pid, url }, authorization) => ({
  ...{ name, pid },
  load: (seconds) => runNodeLoad('web-socket-load', { url: url + webSocketPath, seconds, authorization }),
})

/** Looks at a whole answer of each kind once: what answers wrongly is not measured. @throws where it is not what the upstream said */
export async function checkAnswers({ name, url }: Subject, authorization: string): Promise<void> {
  const headers = { authorization }
  for (const size of Object.keys(bodies) as Size[]) {
    const answer = await fetch(url + pathOf(size), { headers })
    await hold(`GET ${size}`, answer, bodyOf(bodies[size]))
    if (size !== '1 KB' && size !== '100 KB') continue
    const posted = await fetch(url + postPath, { method: 'POST', headers, body: bodyOf(bodies[size]) })
    await hold(`POST ${size}`, posted, bodyOf(bodies['200 B']))
  }

  async function hold(what: string, answer: Response, body: string): Promise<void> {
    const text = await answer.text()
    if (answer.status !== 200 || text !== body)
      throw new Error(`${name} answers ${answer.status} to ${what}: ${text.slice(0, 300)}`)
  }
}
