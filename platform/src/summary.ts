import colours from 'picocolors'
import type { Ports } from './ports.ts'

/** What a person needs after a start. */
export type Summary = {
  ports: Ports
  /** Its public URL. */
  webApp: string
  /** Where PostgreSQL keeps its data. */
  postgres: string
  /** Says in one line what plays Redis. */
  redis: string
  seconds: number
}

/** The short table that ends a start: where to go, who to sign in as, what is kept where. */
export function summaryText({ ports, webApp, postgres, redis, seconds }: Summary): string {
  const heading = (text: string) => `\n  ${colours.bold(text)}`
  const row = (name: string, value: string) => `    ${name.padEnd(16)}${value}`
  const link = (port: number, path = '') => colours.cyan(`http://localhost:${port}${path}`)
  return [
    heading(`Alicerce runs (started in ${seconds.toFixed(1)} s)`),
    row('Web app and API', colours.cyan(webApp)),
    row('Auth server', link(ports.auth)),
    row('Mails', `${link(ports.auth, '/outbox')} (shown, not sent)`),
    row('Services', `${link(ports.users)}  ${link(ports.orders)}`),
    row('Health, metrics', `${link(ports.gatewayAdmin, '/metrics')} and at ports ${adminPorts(ports)}`),
    heading('Sign in as'),
    row('Customer', 'customer@alicerce.test'),
    row('Support agent', 'support@alicerce.test'),
    row('Administrator', 'admin@alicerce.test'),
    row('Password', 'alicerce-demo (for all three), or register'),
    heading('Kept'),
    row('PostgreSQL', `${postgres}, port ${ports.postgres}: databases auth, users, orders`),
    row('Redis', redis),
    `\n  ${colours.dim('Ctrl-C stops everything. --reset starts anew.')}\n`,
  ].join('\n')
}

const adminPorts = (ports: Ports) => [ports.authAdmin, ports.usersAdmin, ports.ordersAdmin].join(', ')
