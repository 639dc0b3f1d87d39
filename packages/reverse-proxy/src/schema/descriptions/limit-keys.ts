import { within } from './within.ts'

const top = { Limits: 'What a client may ask of the gateway, on every route.' }

const limits = within('Limits', {
  '.Target':
    'The longest path with its query, in bytes. A longer one gets 414. At most 16000; 8192 where it is not set.',
  '.Body':
    'The largest body in bytes, where a route has no MaxRequestBodySize. More gets 413. 30000000 where it is not set.',
  '.BodyIdle':
    'How long a client may send nothing of a body that it has begun, after which it gets 408. 10 seconds where it is not set.',
  '.AnswerMinimumRate':
    'How many bytes of an answer a client must take in a second while the gateway waits for it, beyond 5 seconds; one that is slower is cut off. Time in which the service sends nothing does not count. 0 stands for no limit; 240 where it is not set.',
  '.BodyMinimumRate':
    'How many bytes of a body a client must send in a second, once 5 seconds have passed; one that is slower gets 408. Time in which the service takes nothing does not count. 0 stands for no limit; 240 where it is not set.',
})

export const limitKeys = { ...top, ...limits }
