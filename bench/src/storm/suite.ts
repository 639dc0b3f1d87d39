import { setTimeout as sleep } from 'node:timers/promises'
import { type Bar, progress, type Report, rounded } from '#src/report.ts'
import { startLoad } from './load.ts'
import { startSetting } from './setting.ts'
import { badClients, calmSeconds, type Outcome, rage, stormSeconds } from './storm.ts'

/** Until connections that nobody uses have closed on both sides. */
const settleMilliseconds = 8000

/**
 * Lets everything that the gateway depends on fail under load, and looks whether an answer was ever wrong, and whether all is as before in the
 * end. There are two storms: what the first one leaves may have been needed once, what the second one adds would be added by each.
 */
export async function benchStorm(): Promise<Report> {
  await using opened = new AsyncDisposableStack()
  progress('Starting three services, Redis, an issuer and the gateway')
  const setting = await startSetting(opened)
  const warmUp = startLoad(setting.url, setting.token)
  await sleep(3000)
  await warmUp.stop()
  await sleep(settleMilliseconds)
  const before = await setting.gatewayResources()
  const storms: Outcome[] = []
  const afterEach: (typeof before)[] = []
  for (const which of ['first', 'second']) {
    progress(
      `The ${which} storm: ${stormSeconds} s, ${badClients.idle} idle connections, ten reloads a second`,
    )
    storms.push(await rage(setting))
    progress('Waiting until the gateway has let go of what it held')
    await sleep(settleMilliseconds)
    afterEach.push(await setting.gatewayResources())
  }
  const [afterOne, afterTwo] = afterEach as [typeof before, typeof before]

  const twice = await sumOf(setting.services.map((service) => service.executedTwice()))
  const wrong = storms.reduce((sum, { tally }) => sum + tally.wrong, 0)
  const bar = (name: string, value: number, limit: number): Bar => ({ name, value, limit, better: 'lower' })
  const growth = (key: keyof typeof before, from: typeof before) => rounded(afterTwo[key] / from[key])
  return {
    tables: [
      {
        title: `Requests during ${stormSeconds} s of storm and ${calmSeconds} s of calm`,
        rows: storms.map(rowOf),
      },
      {
        title: 'What happened, in both',
        rows: [...(storms[0]?.faults ?? [])].map(([what, times]) => ({
          what,
          times: times + (storms[1]?.faults.get(what) ?? 0),
        })),
      },
      {
        title: 'What the gateway holds',
        rows: [
          { when: 'before', ...before },
          { when: 'after one storm', ...afterOne },
          { when: 'after two', ...afterTwo },
        ],
      },
    ],
    bars: [
      bar('wrong answers', wrong, 0),
      bar('requests that change something and were carried out twice', twice, 0),
      bar('sockets more than before', Math.max(0, afterTwo.sockets - before.sockets), 2),
      bar('timers more than before', Math.max(0, afterTwo.timers - before.timers), 0),
      bar('heap after two storms, × after one', growth('heap after collection, MB', afterOne), 1.1),
      bar('resident memory after two storms, × after one', growth('RSS, MB', afterOne), 1.2),
    ],
  }
}

const rowOf = ({ tally, reloads, recovery }: Outcome, index: number) => ({
  storm: index + 1,
  ...{ right: tally.right, refused: tally.refused, lost: tally.lost, wrong: tally.wrong },
  ...{ reloads, 'recovered after, ms': rounded(recovery) },
})

const sumOf = async (numbers: Promise<number>[]) =>
  (await Promise.all(numbers)).reduce((sum, one) => sum + one, 0)
