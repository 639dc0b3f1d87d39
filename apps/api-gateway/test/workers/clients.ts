import { Agent, get } from 'node:http'

/** What clients have had: nothing but right answers, or what went wrong. */
export type Tally = { answers: number; readonly failures: string[] }

/** Clients that ask without a pause: half of them on connections that they keep, half on a new one for each request. */
export function startClients(url: string, count: number): { tally: Tally; stop(): Promise<void> } {
  const tally: Tally = { answers: 0, failures: [] }
  let isStopping = false
  const keeping = new Agent({ keepAlive: true })

  async function work(client: number): Promise<void> {
    const agent = client % 2 === 0 ? keeping : new Agent({ keepAlive: false })
    for (let number = 0; !isStopping; number++) {
      const path = `/api/${client}/${number}`
      const answer = await ask(url + path, agent)
      if (answer === `200 answer to ${path.slice(4)}`) tally.answers++
      else tally.failures.push(`${path}: ${answer}`)
    }
  }
  const working = Array.from({ length: count }, (_, client) => work(client))
  return {
    tally,
    async stop() {
      isStopping = true
      await Promise.all(working)
      keeping.destroy()
    },
  }
}

/** Status and body, or what went wrong. */
export function ask(url: string, agent?: Agent): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const request = get(url, { agent, timeout: 20_000 }, (response) => {
    let text = `${response.statusCode} `
    response.on('data', (chunk) => {
      text += chunk
    })
    response.on('end', () => resolve(text))
    response.on('error', (error) => resolve(`cut: ${error.message}`))
  })
  request.on('timeout', () => request.destroy(new Error('no answer in 20 s')))
  request.on('error', (error) => resolve(`failed: ${error.message}`))
  return promise
}
