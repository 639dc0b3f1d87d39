import { readdir, readlink } from 'node:fs/promises'
import { lookInside } from '#src/measure/node-inside.ts'
import { residentMegabytesOf } from '#src/measure/process-usage.ts'
import { rounded } from '#src/report.ts'

/** What the gateway holds at a moment. */
export type GatewayResources = {
  sockets: number
  timers: number
  'heap after collection, MB': number
  'heap reserved, MB': number
  'outside of the heap, MB': number
  'RSS, MB': number
}

/** Counts what a gateway holds whose inspector `outputFile` names. */
export async function resourcesOf(pid: number, outputFile: string): Promise<GatewayResources> {
  const { resources, heapMegabytes, reservedMegabytes, externalMegabytes } = await lookInside(outputFile)
  return {
    sockets: await socketsOf(pid),
    timers: resources.Timeout ?? 0,
    'heap after collection, MB': rounded(heapMegabytes),
    'heap reserved, MB': rounded(reservedMegabytes),
    'outside of the heap, MB': rounded(externalMegabytes),
    'RSS, MB': rounded(residentMegabytesOf(pid).now),
  }
}

async function socketsOf(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`
  const targets = await Promise.all(
    (await readdir(folder)).map((descriptor) => readlink(`${folder}/${descriptor}`).catch(() => '')),
  )
  return targets.filter((target) => target.startsWith('socket:')).length
}
