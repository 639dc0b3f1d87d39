import { expect, test } from 'vitest'
import { overlayEnvironment } from '#src/index.ts'

const configuration = {
  ReverseProxy: {
    Routes: { r: { Match: { Methods: ['GET', 'HEAD'] } } },
    Clusters: { orders: { Destinations: { 1: { Address: 'http://one' } } } },
  },
}

test('variables of .NET’s form set single values, whatever the case of their keys', () => {
  const result = overlayEnvironment(configuration, {
    REVERSEPROXY__clusters__ORDERS__Destinations__1__address: 'http://two',
    ReverseProxy__Clusters__orders__Destinations__2__Address: 'http://three',
    ReverseProxy__Routes__r__Match__Methods__1: 'POST',
  })
  expect(result).toEqual({
    ReverseProxy: {
      Routes: { r: { Match: { Methods: ['GET', 'POST'] } } },
      Clusters: {
        orders: { Destinations: { 1: { Address: 'http://two' }, 2: { Address: 'http://three' } } },
      },
    },
  })
  expect(configuration.ReverseProxy.Clusters.orders.Destinations[1].Address).toBe('http://one')
})

test('other variables change nothing, and none reaches a prototype', () => {
  const env = { Other__Clusters__x: '1', PATH: '/bin', ReverseProxy: 'x', ReverseProxy__Unset: undefined }
  expect(overlayEnvironment(configuration, env)).toEqual(configuration)
  overlayEnvironment(configuration, {
    ReverseProxy____proto____polluted: '1',
    ReverseProxy__constructor__prototype__polluted: '1',
  })
  expect({}).not.toHaveProperty('polluted')
})

test('variables make a list where there is none', () => {
  const result = overlayEnvironment(configuration, {
    ReverseProxy__TrustedProxies__0: '10.0.0.0/8',
    ReverseProxy__TrustedProxies__1: 'fd00::/8',
  })
  expect(result.ReverseProxy).toMatchObject({ TrustedProxies: ['10.0.0.0/8', 'fd00::/8'] })
})
