import { runAppsInProcess } from './apps.ts'
import { environmentsVariable } from './development.ts'

// The process that `npm run dev` restarts on each change: the apps alone, on a database and a Redis that stay up.

const stop = await runAppsInProcess(JSON.parse(process.env[environmentsVariable] as string))
process.stdout.write('  ✓ Apps started\n')
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stop().then(() => process.exit(0)))
