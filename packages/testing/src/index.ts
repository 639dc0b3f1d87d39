export {
  type ApiAnswer,
  type ApiCaller,
  createApiCaller,
  type TestPerson,
  testPeople,
} from './api-caller.ts'
export { type AppProcess, createProcesses } from './app-processes.ts'
export { type CapturedLine, type CapturedLog, capturedLog } from './captured-log.ts'
export { type FakeClock, fakeClock } from './fake-clock.ts'
export { type FaultProxy, faultProxy } from './fault-proxy.ts'
export { freePort } from './free-port.ts'
export { type Answer, createClientKey, createMachine, createProofs } from './oauth/machine.ts'
export {
  type Attempt,
  type AuthServerAddress,
  allScopes,
  audience,
  claimsOf,
  createRelyingParty,
  mailedCode,
  type Tokens,
  webApp,
} from './oauth/relying-party.ts'
export { createScriptedBrowser, formsOf, type Page } from './oauth/scripted-browser.ts'
export { type ServersOptions, startTestServers } from './servers.ts'
export { type ClusterServer, createTestCluster, type TestCluster } from './test-cluster.ts'
export { createTestDatabase, type TestDatabase } from './test-database.ts'
export { createTestIssuer, type TestIssuer } from './test-issuer.ts'
export { createTestRedis, type TestRedis, testRedisUrl } from './test-redis.ts'
export { until } from './until.ts'
