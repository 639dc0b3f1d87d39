import { within } from './within.ts'

const resolver = {
  '': 'Asks DNS where the names of destinations lead, again and again, and balances over all of their addresses. Without it each connection asks for itself.',
  '.Policy': 'Dns, or None for a cluster for which the resolver of all clusters is not to hold.',
  '.Records':
    'What is asked for: the addresses of the name (A and AAAA), or its services (SRV) and the addresses of their hosts.',
  '.AddressFamily': 'IPv4 or IPv6 addresses alone. Without it both.',
  '.RefreshPeriod': 'How often names are asked for. Where there is no answer the last one holds.',
  '.Servers':
    'Addresses of name servers, with ports where these are not 53. Without them those of the system.',
}

const top = {
  ...within('DestinationResolver', resolver),
  Clusters: 'The services that answer, by names of your own. Each runs at one address or several.',
}

const clusters = within('Clusters.*', {
  '.Destinations': 'Where the service runs, by names of your own.',
  '.Destinations.*.Address': 'Its http or https address. A path in it stands before that of every request.',
  '.Destinations.*.Health': 'The address that is asked for its health, where that is another one.',
  '.Destinations.*.Host': 'The Host that is sent to it, where that is not the one of its address.',
  '.Destinations.*.Metadata': 'Notes of your own. They change nothing.',
  ...within('.DestinationResolver', resolver),
  '.LoadBalancingPolicy':
    'Which destination gets a request: the less busy of two drawn by lot, the first by name, one drawn by lot, each in turn, or the least busy of all.',
  '.Metadata': 'Numbers of the health policies, and notes of your own.',
  '.Metadata.ConsecutiveFailuresHealthPolicy.Threshold':
    'How many probes must fail one after the other until a destination counts as unhealthy.',
  '.Metadata.TransportFailureRateHealthPolicy.RateLimit':
    'The share of requests that may fail on the way, from 0 to 1, until a destination counts as unhealthy.',
})

const health = within('Clusters.*.HealthCheck', {
  '': 'How it is told which destinations can answer.',
  '.AvailableDestinationsPolicy':
    'Which destinations get requests: those that are not known to be unhealthy, or all of them where each one is.',
  '.Active': 'The gateway asks each destination by itself.',
  '.Active.Enabled': 'Whether it asks.',
  '.Active.Interval': 'How often it asks.',
  '.Active.Timeout': 'How long it waits for the answer.',
  '.Active.Policy': 'What makes a destination unhealthy: probes that fail one after the other.',
  '.Active.Path': 'The path that it asks for. An answer from 200 to 299 is a good one.',
  '.Active.Query': 'The query that it asks with, with its ?.',
  '.Passive': 'The gateway looks at how the requests of clients end.',
  '.Passive.Enabled': 'Whether it looks.',
  '.Passive.Policy': 'What makes a destination unhealthy: the share of requests that fail on the way.',
  '.Passive.ReactivationPeriod': 'How long an unhealthy destination is left alone until it is tried again.',
})

const affinity = within('Clusters.*.SessionAffinity', {
  '': 'Keeps a client with the destination that it had.',
  '.Enabled': 'Whether it does.',
  '.Policy':
    'How a client says which destination it had: in a cookie with a hash of its name, with another hash as Azure makes it, or with the encrypted name; or in a header with the encrypted name.',
  '.FailurePolicy': 'What a client gets whose destination is gone: another one, or 503.',
  '.AffinityKeyName': 'The name of the cookie or header.',
  '.Cookie': 'The attributes of the cookie.',
  '.Cookie.Domain': 'Its Domain.',
  '.Cookie.Path': 'Its Path.',
  '.Cookie.Expiration': 'How long from now its Expires is.',
  '.Cookie.MaxAge': 'Its Max-Age.',
  '.Cookie.HttpOnly': 'Whether scripts of pages cannot read it.',
  '.Cookie.SameSite': 'Its SameSite; Unspecified writes none.',
  '.Cookie.SecurePolicy':
    'Whether it is sent over https only: never asked for, always, or where the request came so.',
  '.Cookie.IsEssential': 'Means nothing here: nothing waits for a consent.',
})

const connections = within('Clusters.*', {
  '.HttpClient': 'How connections to the destinations are made.',
  '.HttpClient.SslProtocols': 'The versions of TLS that are spoken; None, or nothing, is all that are safe.',
  '.HttpClient.DangerousAcceptAnyServerCertificate':
    'Takes any certificate for that of the destination: whoever stands between can read and change everything. Warned about at each start.',
  '.HttpClient.MaxConnectionsPerServer':
    'The most connections to one destination. Without it there is no such limit.',
  '.HttpClient.EnableMultipleHttp2Connections': 'Means nothing here.',
  '.HttpClient.RequestHeaderEncoding':
    'The encoding of header values. They are sent on as the bytes that came, so each of these is right.',
  '.HttpClient.ResponseHeaderEncoding': 'The same for answers.',
  '.HttpClient.WebProxy': 'A proxy between the gateway and the destinations.',
  '.HttpClient.WebProxy.Address': 'Its http or https address.',
  '.HttpClient.WebProxy.BypassOnLocal':
    'Whether destinations on this machine or without a dot in their name are reached without it.',
  '.HttpClient.WebProxy.UseDefaultCredentials':
    'A Windows account, which there is none of: only false is taken.',
  '.HttpRequest': 'How requests are sent to the destinations.',
  '.HttpRequest.Version': 'The version of HTTP that is asked for.',
  '.HttpRequest.VersionPolicy': 'Whether a lower version, a higher one or no other is taken instead.',
  '.HttpRequest.ActivityTimeout': 'How long nothing may come or go in an exchange until it is given up.',
  '.HttpRequest.AllowResponseBuffering': 'Means nothing here: answers are sent on as they come.',
})

const resilience = within('Clusters.*.Resilience', {
  '': 'What is done where a destination fails, is slow or has too much to do. Each part is off where it is not there.',
  '.Retry': 'Sends a failed request once more, to another destination where there is one.',
  '.Retry.Attempts': 'How often a request is sent at most, the first time counted.',
  '.Retry.Methods': 'The methods of requests that may be sent twice.',
  '.Retry.Statuses': 'The statuses, from 400 to 599, that are failures.',
  '.Retry.Errors': 'The errors of the way that are failures.',
  '.Retry.PerTryTimeout': 'How long one attempt may take.',
  '.Retry.Backoff':
    'The pause before the second attempt is a random part of this; it doubles for each further one.',
  '.Retry.LongestBackoff': 'The longest pause.',
  '.Retry.LongestRetryAfter':
    'A service that asks for a longer pause is not asked again: its answer goes to the client.',
  '.Retry.ReplayBytes':
    'The largest body in bytes that is kept to be sent again. A request with more is sent once.',
  '.RetryBudget':
    'How many retries and hedges there may be in all, so that a service that is down gets no more work from them.',
  '.RetryBudget.Ratio': 'The share of the requests of the last ten seconds.',
  '.RetryBudget.MinimumPerSecond': 'How many there may be in each second whatever the share is.',
  '.CircuitBreaker': 'Leaves a destination that fails alone for a while.',
  '.CircuitBreaker.Window': 'How long outcomes are counted.',
  '.CircuitBreaker.MinimumRequests': 'Fewer outcomes than these in the window decide nothing.',
  '.CircuitBreaker.FailureRatio': 'The share of failures from which on it is left alone.',
  '.CircuitBreaker.Statuses':
    'The statuses, from 400 to 599, that are failures, besides those of the connection.',
  '.CircuitBreaker.SlowAfter': 'An answer that begins later than this is slow. Without it none is.',
  '.CircuitBreaker.SlowRatio': 'The share of slow answers from which on it is left alone.',
  '.CircuitBreaker.OpenFor': 'How long it is left alone; twice as long each time that it fails again.',
  '.CircuitBreaker.LongestOpenFor': 'The longest time that it is left alone.',
  '.CircuitBreaker.Probes': 'How many requests try it then; all of them must succeed.',
  '.OutlierEjection':
    'Leaves a destination out that answers markedly worse than the others. One may always be left out, and never all.',
  '.OutlierEjection.ConsecutiveFailures':
    'How many answers from 500 on, or failures on the way, one after the other put it out.',
  '.OutlierEjection.ConsecutiveGatewayFailures':
    'The same for answers 502, 503 and 504 and failures on the way. Without it they count above only.',
  '.OutlierEjection.Interval': 'How often the shares of answers below 500 are compared.',
  '.OutlierEjection.MinimumDestinations': 'How many destinations must have had enough requests in it.',
  '.OutlierEjection.MinimumRequests': 'How many requests are enough.',
  '.OutlierEjection.Deviations':
    'How many standard deviations below the mean of all a share must be to put its destination out.',
  '.OutlierEjection.EjectFor':
    'How long it is left out: so long for each time that it was lately. Each interval in which it is not forgives one time.',
  '.OutlierEjection.LongestEjectFor': 'The longest time that it is left out.',
  '.OutlierEjection.MostEjected': 'The share of destinations that are left out at most.',
  '.Hedging':
    'Sends a request that gets no answer once more while the first attempt goes on; the first answer counts.',
  '.Hedging.Delay': 'How long the first attempt has until the second begins.',
  '.Hedging.Methods': 'The methods of requests that it is done for. They must be safe.',
  '.Concurrency': 'How many requests may be at work at once. More of them get 503.',
  '.Concurrency.PerDestination': 'At one destination.',
  '.Concurrency.PerCluster': 'In the whole cluster.',
  '.Concurrency.QueueLength': 'How many may wait for their turn.',
  '.Concurrency.QueueFor': 'How long they may wait.',
})

/** Keys of `Clusters`. */
export const clusterKeys = { ...top, ...clusters, ...health, ...affinity, ...connections, ...resilience }
