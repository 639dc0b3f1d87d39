import { Redis } from 'ioredis'

/**
 * One Redis or a cluster, for the naive cache. In a cluster it asks the server that had the key last, and goes where that one says. (The
 * cluster client of the library knows servers that are named by their ports alone for none.)
 */
export function createNaiveRedis(urls: readonly string[]) {
  const servers = new Map(urls.map((url) => [new URL(url).port, connect(url)]))
  const [first] = servers.values()
  const homes = new Map<string, Redis>()

  async function send(command: string, key: string, ...values: (string | number)[]): Promise<unknown> {
    const server = homes.get(key) ?? (first as Redis)
    try {
      return await server.call(command, key, ...values)
    } catch (error) {
      const port = /^MOVED \d+ .*:(\d+)$/.exec((error as Error).message)?.[1]
      const home = port === undefined ? undefined : servers.get(port)
      if (!home || home === server) throw error
      homes.set(key, home)
      return home.call(command, key, ...values)
    }
  }

  return {
    send,
    disconnect() {
      for (const server of servers.values()) server.disconnect()
    },
  }
}

function connect(url: string): Redis {
  const redis = new Redis(url, { commandTimeout: 100, enableOfflineQueue: false, maxRetriesPerRequest: 0 })
  redis.on('error', () => {})
  return redis
}
