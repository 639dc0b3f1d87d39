import { once } from 'node:events'
import { readFile } from 'node:fs/promises'

/** What a Node process has of its own, when everything that nothing refers to is gone. */
export type Inside = {
  /** By what they are, such as `Timeout` and `TCPSocketWrap`: all that keeps the event loop alive. */
  readonly resources: Readonly<Record<string, number>>
  /** In use on the JavaScript heap, in megabytes (10⁶ bytes). */
  readonly heapMegabytes: number
  /** Of buffers and other things outside of that heap, in megabytes. */
  readonly externalMegabytes: number
}

/** Lets a process that is started with these `NODE_OPTIONS` be looked into. It prints where. */
export const openToInspection = '--inspect=127.0.0.1:0 --expose-gc'

const expression = `(() => {
  for (let turn = 0; turn < 3; turn++) gc()
  const resources = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  const { heapUsed, external } = process.memoryUsage()
  return JSON.stringify({ resources, heapMegabytes: heapUsed / 1e6, externalMegabytes: external / 1e6 })
})()`

/**
 * Looks into a process through its inspector; everything that can be collected is collected first. `outputFile` holds what it printed.
 * @throws where it cannot be looked into
 */
export async function lookInside(outputFile: string): Promise<Inside> {
  const [url] = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(await readFile(outputFile, 'utf8')) ?? []
  if (!url) throw new Error(`No inspector is named in ${outputFile}`)
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const answered = once(socket, 'message')
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }))
  const [{ data }] = (await answered) as [{ data: string }]
  socket.close()
  return JSON.parse(JSON.parse(data).result.result.value)
}
