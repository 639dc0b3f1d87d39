import { faultProxy, testRedisUrl } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { createShared, startUserService, update } from './fixtures.ts'

test('CA-06 while Redis answers nobody, who changes his profile through one copy reads it through another', async () => {
  const link = await faultProxy({ target: testRedisUrl() })
  const shared = await createShared(link.url)
  const [writer, reader] = await Promise.all([startUserService(shared), startUserService(shared)])
  const name = async (headers = {}) =>
    (await reader.call('GET', '/users/me', { as: 'clara', headers })).body.name
  const first = await update(writer, 'clara', { name: 'Clara', locale: 'en' })
  await expect.poll(() => name()).toBe('Clara')
  await name()

  link.freeze()
  const { headers } = await writer.call('PUT', '/users/me', {
    as: 'clara',
    body: { name: 'Clara Costa', locale: 'en' },
    headers: { 'if-match': first.headers.get('etag') ?? '' },
  })
  const token = headers.get('consistency-token') ?? ''
  expect(await name({ 'consistency-token': token })).toBe('Clara Costa')
  link.resume()
  await expect.poll(() => name()).toBe('Clara Costa')

  await Promise.all([writer.close(), reader.close()])
  await link.close()
  await shared.issuer.close()
})
