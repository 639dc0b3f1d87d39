import type { Statement } from './statement.ts'

/** What gateway and services must keep: RFC 6750, RFC 9068, RFC 8725, RFC 9449, RFC 9470. */
export const resourceServers: Statement[] = [
  { id: 'RS-01', level: 'M', text: 'Only the Authorization header counts' },
  { id: 'RS-02', level: 'M', text: 'Refusals say by WWW-Authenticate what is missing' },
  { id: 'RS-03', level: 'M', text: 'Only access tokens are access tokens' },
  { id: 'RS-04', level: 'M', text: 'The algorithm comes from a list and fits the key' },
  { id: 'RS-05', level: 'M', text: 'Keys come from the issuer alone' },
  { id: 'RS-06', level: 'M', text: 'Unknown keys cause one fetch, and an absent issuer no failure' },
  { id: 'RS-07', level: 'M', text: 'Issuer and audience must be right' },
  { id: 'RS-08', level: 'M', text: 'Times must be there and right' },
  { id: 'RS-09', level: 'M', text: 'Claims have their types, and there is one way to write a token' },
  { id: 'RS-10', level: 'S', text: 'Oversized tokens cost no cryptography' },
  { id: 'RS-11', level: 'M', text: 'The service itself asks whose it is' },
  { id: 'RS-12', level: 'M', text: 'Identity headers of clients have no effect' },
  { id: 'RS-13', level: 'M', text: 'A bound token needs the proof of its key' },
  { id: 'RS-14', level: 'M', text: 'What is revoked is refused within a second' },
  { id: 'RS-15', level: 'M', text: 'Tokens are in no log, metric or error' },
  { id: 'RS-16', level: 'M', text: 'A machine is nobody’s account' },
  { id: 'RS-17', level: 'S', text: 'Old or weak sign-ins are asked for a stronger one' },
]
