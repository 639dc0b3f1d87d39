import { connect, type Socket } from 'node:net'

/**
 * Clients that hold on to what they have: idle ones, some that send a byte of their headers at a time, some that read a large answer a little at a
 * time. Gives how to let them go.
 */
export async function startBadClients(
  url: string,
  token: string,
  counts: { idle: number; slowWriters: number; slowReaders: number },
): Promise<() => void> {
  const { hostname: host, port, pathname } = new URL(url)
  const sockets: Socket[] = []
  const timers: NodeJS.Timeout[] = []
  function open(): Socket {
    const socket = connect(Number(port), host)
    socket.on('error', () => {})
    sockets.push(socket)
    return socket
  }
  const head = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`
  for (let number = 0; number < counts.idle; number++) {
    open()
    // Not all at once: the queue of connections that wait to be accepted is short.
    if (number % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  for (let number = 0; number < counts.slowWriters; number++) {
    const [socket, text] = [open(), head(pathname)]
    let sent = 0
    timers.push(setInterval(() => void socket.write(text[sent++ % text.length] as string), 200))
  }
  for (let number = 0; number < counts.slowReaders; number++) {
    const socket = open()
    socket.write(head(pathname.replace(/[^/]*$/, 'large')))
    socket.pause()
    timers.push(setInterval(() => void socket.read(1000), 200))
  }
  return () => {
    for (const timer of timers) clearInterval(timer)
    for (const socket of sockets) socket.destroy()
  }
}
