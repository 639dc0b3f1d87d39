// The process of one worker: `run-workers.ts` forks it.
import { runApp } from '@alicerce/service-kit'
import { serveGateway } from '#src/serve-gateway.ts'
import { linkToPrimary } from './primary-link.ts'

/** A client whose request is on its way gets an answer within this time; one that is idle for longer can tell that its connection ended. */
const idleGraceMilliseconds = 3000

await runApp('api-gateway', async () => {
  const primary = linkToPrimary()
  const { openSocket, gatherFigures } = primary
  const gateway = await serveGateway(process.env, { openSocket, gatherFigures, idleGraceMilliseconds })
  primary.ready(gateway.adminUrl)
  return {
    async close() {
      await primary.mayLeave()
      await gateway.close()
    },
  }
})
