import { createBrowserRouter, Navigate, type RouteObject } from 'react-router'
import type { Permission } from '../lib/person.ts'
import { CallbackPage } from './callback-page.tsx'
import { CrashPage } from './crash-page.tsx'
import { Guard } from './guard.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { Shell } from './shell.tsx'
import { SignedOutPage } from './signed-out-page.tsx'

/** A page in a file of its own, loaded when it is gone to. */
const page = (load: () => Promise<{ default: React.ComponentType }>): Pick<RouteObject, 'lazy'> => ({
  lazy: async () => ({ Component: (await load()).default }),
})

const guarded = (permission: Permission | undefined, children: RouteObject[]): RouteObject => ({
  element: <Guard {...(permission && { permission })} />,
  children,
})

const administration: RouteObject = {
  path: 'administration',
  ...page(() => import('../features/administration/layout.tsx')),
  children: [
    { index: true, element: <Navigate to="users" replace /> },
    { path: 'users', ...page(() => import('../features/administration/users/users-page.tsx')) },
    { path: 'users/new', ...page(() => import('../features/administration/users/new-user-page.tsx')) },
    { path: 'users/:id', ...page(() => import('../features/administration/users/user-page.tsx')) },
    { path: 'roles', ...page(() => import('../features/administration/roles/roles-page.tsx')) },
    { path: 'roles/:name', ...page(() => import('../features/administration/roles/role-page.tsx')) },
    { path: 'clients', ...page(() => import('../features/administration/clients/clients-page.tsx')) },
    { path: 'clients/new', ...page(() => import('../features/administration/clients/new-client-page.tsx')) },
    { path: 'clients/:id', ...page(() => import('../features/administration/clients/client-page.tsx')) },
    { path: 'keys', ...page(() => import('../features/administration/keys/keys-page.tsx')) },
    { path: 'gateway', ...page(() => import('../features/administration/gateway/gateway-page.tsx')) },
    { path: 'caches', ...page(() => import('../features/administration/caches/caches-page.tsx')) },
    {
      path: 'conformance',
      ...page(() => import('../features/administration/conformance/conformance-page.tsx')),
    },
    { path: 'audit', ...page(() => import('../features/administration/audit/audit-page.tsx')) },
    { path: 'audit/:id', ...page(() => import('../features/administration/audit/audit-event-page.tsx')) },
  ],
}

/** All pages. */
export const createAppRouter = () =>
  createBrowserRouter([
    {
      element: <Shell />,
      errorElement: <CrashPage />,
      hydrateFallbackElement: <span />,
      children: [
        {
          errorElement: <CrashPage />,
          children: [
            { index: true, ...page(() => import('../features/home/home-page.tsx')) },
            { path: 'shop', ...page(() => import('../features/catalogue/shop-page.tsx')) },
            { path: 'shop/:id', ...page(() => import('../features/catalogue/product-page.tsx')) },
            { path: 'cart', ...page(() => import('../features/cart/cart-page.tsx')) },
            { path: 'how-it-works', ...page(() => import('../features/telemetry/how-it-works-page.tsx')) },
            guarded(undefined, [
              { path: 'checkout', ...page(() => import('../features/cart/checkout-page.tsx')) },
              { path: 'orders', ...page(() => import('../features/orders/my-orders-page.tsx')) },
              { path: 'orders/:id', ...page(() => import('../features/orders/order-page.tsx')) },
              { path: 'profile', ...page(() => import('../features/profile/profile-page.tsx')) },
            ]),
            guarded('orders:all', [
              { path: 'staff/orders', ...page(() => import('../features/orders/staff-orders-page.tsx')) },
            ]),
            guarded('administration', [administration]),
            { path: 'auth/callback', element: <CallbackPage /> },
            { path: 'signed-out', element: <SignedOutPage /> },
            { path: '*', element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ])
