import { once } from 'node:events'
import { readFile } from 'node:fs/promises'

/** A connection to the inspector of a Node process. */
export type Inspector = {
  /** Asks it something of the Chrome DevTools Protocol. */
  ask<Result>(method: string, params?: object): Promise<Result>
  close(): void
}

/** Lets a process that is started with these `NODE_OPTIONS` be looked into. It prints where. */
export const openToInspection = '--inspect=127.0.0.1:0 --expose-gc'

/** Connects to a process that was started with `openToInspection`. `outputFile` holds what it printed. @throws where that names no inspector */
export async function connectInspector(outputFile: string): Promise<Inspector> {
  const [url] = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(await readFile(outputFile, 'utf8')) ?? []
  if (!url) throw new Error(`No inspector is named in ${outputFile}`)
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(data) as { id?: number; result: unknown }
    if (id !== undefined) waiting.get(id)?.(result)
  })
  let last = 0
  return {
    ask(method, params = {}) {
      const id = ++last
      socket.send(JSON.stringify({ id, method, params }))
      return new Promise((resolve) => waiting.set(id, resolve as (result: unknown) => void))
    },
    close: () => socket.close(),
  }
}
