import { variable } from '#src/config/variable.ts'

/** Proofs of keys are made for public addresses (RFC 9449 §4.2), which a service behind the gateway does not see. */
export const apiUrlVariable = variable.url({
  description: 'public URL of the API, as clients call it',
  developmentDefault: 'http://localhost:8080/api',
})

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
  API_URL: apiUrlVariable,
  API_AUDIENCE: variable.string({
    description: 'audience that access tokens must have',
    default: 'urn:alicerce:api',
  }),
}
