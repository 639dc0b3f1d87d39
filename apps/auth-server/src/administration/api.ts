import type { FastifyTyped, OpenApiInfo } from '@alicerce/service-kit'
import { type AccountSessionParts, addAccountSessionRoutes } from './account-sessions.ts'
import { type AuditParts, addAuditRoutes } from './audit-events.ts'
import { addClientChangeRoutes } from './clients/client-changes.ts'
import { addClientRoutes, type ClientParts } from './clients/clients.ts'
import { addConformanceRoute, type ConformanceParts } from './conformance/conformance.ts'
import { addConsentRoutes, type ConsentParts } from './consents.ts'
import { addKeyRoutes, type KeyParts } from './keys.ts'
import { addNewAccountRoute, type NewAccountParts } from './new-account.ts'
import { addPasswordLinkRoute, type PasswordLinkParts } from './password-link.ts'
import { addRoleRoutes, type RoleParts } from './roles.ts'
import { type AdministrationParts as AccountParts, addAdministrationRoutes } from './routes.ts'

/** What the administration's API needs. */
export type ApiParts = AccountParts &
  NewAccountParts &
  PasswordLinkParts &
  AccountSessionParts &
  RoleParts &
  AuditParts &
  KeyParts &
  ClientParts &
  ConsentParts &
  ConformanceParts

/** How the API introduces itself. */
export const openApi: OpenApiInfo = {
  title: 'Administration',
  version: '0.1.0',
  description: 'Accounts, roles, clients, keys and the audit log, for administrators.',
}

/** The whole API that the auth server offers to administrators. */
export function addApi(app: FastifyTyped, parts: ApiParts): void {
  addAdministrationRoutes(app, parts)
  addNewAccountRoute(app, parts)
  addPasswordLinkRoute(app, parts)
  addAccountSessionRoutes(app, parts)
  addConsentRoutes(app, parts)
  addRoleRoutes(app, parts)
  addClientRoutes(app, parts)
  addClientChangeRoutes(app, parts)
  addAuditRoutes(app, parts)
  addKeyRoutes(app, parts)
  addConformanceRoute(app, parts)
}

/** Whether a request is for this API; the provider answers the others. */
export const isForApi = (url = '') =>
  /^\/(?:(?:accounts|administration)(?:[/?]|$)|openapi\.json(?:\?|$))/.test(url)
