import { connectInspector } from './node-inspector.ts'

/** What a Node process has of its own, when everything that nothing refers to is gone. Megabytes are 10⁶ bytes. */
export type Inside = {
  /** By what they are, such as `Timeout` and `TCPSocketWrap`: all that keeps the event loop alive. */
  readonly resources: Readonly<Record<string, number>>
  /** In use on the JavaScript heap. */
  readonly heapMegabytes: number
  /** What V8 has taken from the system for that heap. */
  readonly reservedMegabytes: number
  /** Of buffers and other things outside of that heap. */
  readonly externalMegabytes: number
}

const expression = `(() => {
  for (let turn = 0; turn < 3; turn++) gc()
  const resources = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  const { heapUsed, heapTotal, external } = process.memoryUsage()
  return JSON.stringify({
    resources,
    heapMegabytes: heapUsed / 1e6,
    reservedMegabytes: heapTotal / 1e6,
    externalMegabytes: external / 1e6,
  })
})()`

/** Looks into a process that was started with `openToInspection`; everything that can be collected is collected first. */
export async function lookInside(outputFile: string): Promise<Inside> {
  const inspector = await connectInspector(outputFile)
  const { result } = await inspector.ask<{ result: { value: string } }>('Runtime.evaluate', { expression })
  inspector.close()
  return JSON.parse(result.value)
}
