/** The configuration of a gateway before these services, with all that helps against their failing. `turn` makes it another one. */
export function configurationFor(addresses: readonly string[], turn: number): string {
  const Destinations = Object.fromEntries(addresses.map((Address, index) => [String(index), { Address }]))
  const Resilience = {
    Retry: { Attempts: 3, PerTryTimeout: '00:00:01' },
    CircuitBreaker: {
      MinimumRequests: 10,
      OpenFor: '00:00:00.5',
      LongestOpenFor: '00:00:01',
      Statuses: [503],
    },
  }
  return JSON.stringify({
    ReverseProxy: {
      Routes: {
        all: {
          ClusterId: 'services',
          AuthorizationPolicy: 'customers',
          RateLimiterPolicy: 'wide',
          Timeout: '00:00:05',
          Match: { Path: '/api/{**rest}' },
          Transforms: [{ PathRemovePrefix: '/api' }],
          Metadata: { turn: String(turn) },
        },
      },
      Clusters: {
        services: { Destinations, Resilience, HttpRequest: { ActivityTimeout: '00:00:03', Version: '1.1' } },
      },
      Policies: {
        Authorization: { customers: { Scopes: ['orders:read'], Roles: ['customer'], User: true } },
        RateLimiter: { wide: { Permits: 10_000_000, Window: '00:01:00', By: ['Subject'] } },
      },
    },
  })
}
