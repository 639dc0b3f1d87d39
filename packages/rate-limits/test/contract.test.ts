import { testRedisUrl } from '@alicerce/testing'
import { rateLimiterContract } from './contract.ts'
import { limiter } from './fixtures.ts'

rateLimiterContract('in this process', 'local', () => limiter())

const redisUrl = testRedisUrl()
rateLimiterContract('in Redis', 'shared', () => limiter({ redisUrl }))
