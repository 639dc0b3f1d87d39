import { variable } from '#src/config/variable.ts'

/** The variables of whoever checks access tokens; `createAccess` takes them. */
export const resourceServerVariables = {
  ISSUER_URL: variable.url({
    description: 'public URL of the auth server, the issuer of access tokens',
    developmentDefault: 'http://localhost:8081',
  }),
  AUTH_INTERNAL_URL: variable.url({
    description: 'where the auth server is reached inside of a network; ISSUER_URL if it is not set',
    optional: true,
  }),
  API_AUDIENCE: variable.string({
    description: 'audience that access tokens must have',
    default: 'urn:alicerce:api',
  }),
}
