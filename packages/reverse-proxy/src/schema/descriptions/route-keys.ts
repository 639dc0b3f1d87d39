import { within } from './within.ts'

const top = {
  Routes: 'Which requests go where, by names of your own. A request that no route takes gets 404.',
}

const routes = within('Routes.*', {
  '.ClusterId': 'The cluster that answers: a name among Clusters.',
  '.Match': 'What a request must be for this route to take it. All that is given here must hold.',
  '.Order': 'Decides between routes that match the same request: the lowest is tried first.',
  '.AuthorizationPolicy':
    'Who may pass: Default (whoever the gateway asks for where nothing is said), Anonymous (everybody), or a name among Policies.Authorization.',
  '.CorsPolicy':
    'Which other origins browsers let in: a name among Policies.Cors, or Disable for none. Where it is not set, the service decides by itself.',
  '.RateLimiterPolicy': 'How many requests pass: a name among Policies.RateLimiter, or Disable.',
  '.OutputCachePolicy': 'Which answers are stored and given again: a name among Policies.OutputCache.',
  '.Timeout':
    'The most time that a whole exchange may take, after which the client gets 504. Not beside TimeoutPolicy.',
  '.TimeoutPolicy': 'The same as a name among Policies.Timeout, or Disable. Not beside Timeout.',
  '.MaxRequestBodySize':
    'The largest body in bytes; more gets 413. -1 stands for no limit. Where it is not set, that of the gateway holds.',
  '.BodyWithoutMeaning':
    'What becomes of a request with a body whose method gives it no meaning (GET, HEAD, OPTIONS, DELETE): Forward passes it on, framed anew; Reject answers 400, for services that might read it as something else.',
  '.Paths':
    'Forms of a path that servers read in different ways, each Reject (as it is where nothing is said, the client gets 400) or Forward. The service gets the bytes of the client. A path that another route would take in another reading is refused nevertheless.',
  '.Paths.EncodedSlash':
    'Whether %2F passes. To the template it is a letter of its segment: {name} takes group%2Fproject.',
  '.Paths.EncodedBackslash': 'Whether %5C passes.',
  '.Paths.DotSegments':
    'Whether the segments . and .. pass, plain or encoded. They are matched as they are, and not resolved.',
  '.Transforms':
    'What is changed on the way, in the order of the list. Each entry is one of 25, by the key that it has.',
  '.Metadata': 'Notes of your own. They change nothing.',
})

const matches = within('Routes.*.Match', {
  '.Path':
    'The path as a template: literals, {name}, {name:constraint}, {name?}, {name=default}, and {**name} at the end for all that is left. Case does not count.',
  '.Hosts':
    'Any of these hosts: name, *.name for what stands before it, name:port. As people read them, not as punycode.',
  '.Methods': 'Any of these methods. Another one gets 405 where no other route takes it.',
  '.Headers': 'All of these headers.',
  '.Headers[].Name': 'The header, without regard to case.',
  '.Headers[].Values':
    'The values that are looked for; one of them is enough. Exists and NotExists have none.',
  '.Headers[].Mode':
    'How the values are held against the header: it is one, begins with one or contains one; NotContains wants none of them, also where there is no such header. ExactHeader and HeaderPrefix look at each element of a list.',
  '.Headers[].IsCaseSensitive': 'Whether the case of the values counts.',
  '.QueryParameters': 'All of these parameters of the query.',
  '.QueryParameters[].Name': 'The parameter, without regard to case.',
  '.QueryParameters[].Values': 'The values that are looked for; one of them is enough. Exists has none.',
  '.QueryParameters[].Mode':
    'How the values are held against the parameter: it is one, contains one, contains none or begins with one.',
  '.QueryParameters[].IsCaseSensitive': 'Whether the case of the values counts.',
})

/** Keys of `Routes`, except `Transforms`. */
export const routeKeys = { ...top, ...routes, ...matches }
