import type { ClientMetadata } from 'oidc-provider'
import { redirectFault } from '#src/clients/client-rules.ts'
import type { Rule } from './rule.ts'

const authenticationOf = ({ token_endpoint_auth_method: method }: ClientMetadata) =>
  method ?? 'client_secret_basic'
const grantsOf = ({ grant_types: grants }: ClientMetadata) => grants ?? ['authorization_code']
const usesCode = (client: ClientMetadata) => grantsOf(client).includes('authorization_code')
const isPublic = (client: ClientMetadata) => authenticationOf(client) === 'none'
const isOnFapi = (client: ClientMetadata) => client.profile === 'fapi2'
const isBound = (client: ClientMetadata) => isOnFapi(client) || client.dpop_bound_access_tokens === true
const broken = (isBroken: boolean, value = '') => (isBroken ? [value] : [])
const unsafe = ({ application_type: type }: ClientMetadata, uris: readonly string[] = []) =>
  uris.filter((uri) => redirectFault(uri, type))

/** What OAuth 2.1 and FAPI 2.0 ask of a client, as far as its registration tells. */
export const clientRules: readonly Rule<ClientMetadata>[] = [
  {
    id: 'client-redirects',
    profile: 'oauth2.1',
    source: 'OAuth 2.1 §2.3, RFC 9700 §2.1',
    title: {
      en: 'Codes are sent to safe addresses only',
      'pt-BR': 'Códigos são enviados somente a endereços seguros',
    },
    reason: { en: 'These are not safe: {value}.', 'pt-BR': 'Não são seguros: {value}.' },
    mend: {
      en: 'Register https addresses without fragment, user name or password.',
      'pt-BR': 'Registre endereços https sem fragmento, usuário ou senha.',
    },
    breaches: (client) => unsafe(client, client.redirect_uris),
  },
  {
    id: 'client-has-redirect',
    profile: 'oauth2.1',
    source: 'OAuth 2.1 §2.3.1',
    title: {
      en: 'A client that people sign in to says where to',
      'pt-BR': 'Um cliente em que se entra diz onde',
    },
    reason: { en: 'It has no redirect URI.', 'pt-BR': 'Não tem URI de redirecionamento.' },
    mend: {
      en: 'Register one, or take authorization_code away.',
      'pt-BR': 'Registre um ou remova authorization_code.',
    },
    concerns: usesCode,
    breaches: ({ redirect_uris: uris = [] }) => broken(uris.length === 0),
  },
  {
    id: 'client-grants',
    profile: 'oauth2.1',
    source: 'OAuth 2.1 §10.1, RFC 9700 §2.1.2, §2.4',
    title: { en: 'No implicit and no password grant', 'pt-BR': 'Sem concessão implícita nem por senha' },
    reason: { en: 'It has {value}.', 'pt-BR': 'Tem {value}.' },
    mend: { en: 'Use authorization_code instead.', 'pt-BR': 'Use authorization_code.' },
    breaches: (client) => grantsOf(client).filter((grant) => ['implicit', 'password'].includes(grant)),
  },
  {
    id: 'client-public-not-alone',
    profile: 'oauth2.1',
    source: 'OAuth 2.1 §4.2',
    title: {
      en: 'Only clients that prove who they are act for themselves',
      'pt-BR': 'Só clientes que provam quem são agem por si',
    },
    reason: {
      en: 'It is public and has client_credentials.',
      'pt-BR': 'É público e tem client_credentials.',
    },
    mend: {
      en: 'Give it a way to authenticate, or take client_credentials away.',
      'pt-BR': 'Dê a ele um modo de se autenticar ou remova client_credentials.',
    },
    concerns: isPublic,
    breaches: (client) => broken(grantsOf(client).includes('client_credentials')),
  },
  {
    id: 'client-bound-tokens',
    profile: 'oauth2.1',
    source: 'RFC 9700 §2.2.1 (recommended)',
    title: { en: 'Access tokens are bound to a key', 'pt-BR': 'Tokens de acesso são vinculados a uma chave' },
    reason: {
      en: 'Whoever steals one of its tokens can use it.',
      'pt-BR': 'Quem roubar um token dele pode usá-lo.',
    },
    mend: {
      en: 'Choose “Bound tokens only” and have the client send DPoP proofs.',
      'pt-BR': 'Escolha “Somente tokens vinculados” e faça o cliente enviar provas DPoP.',
    },
    breaches: (client) => broken(!isBound(client)),
  },
  {
    id: 'client-asymmetric',
    profile: 'oauth2.1',
    source: 'RFC 9700 §2.5 (recommended)',
    title: {
      en: 'It proves who it is by a signature, not by a shared secret',
      'pt-BR': 'Prova quem é com uma assinatura, não com um segredo',
    },
    reason: { en: 'It authenticates by {value}.', 'pt-BR': 'Autentica-se por {value}.' },
    mend: { en: 'Change it to private_key_jwt.', 'pt-BR': 'Mude para private_key_jwt.' },
    concerns: (client) => !isPublic(client),
    breaches: (client) => [authenticationOf(client)].filter((method) => method !== 'private_key_jwt'),
  },
  {
    id: 'client-after-logout',
    profile: 'oauth2.1',
    source: 'OpenID Connect RP-Initiated Logout §3.1',
    title: {
      en: 'People who sign out are sent to safe addresses',
      'pt-BR': 'Quem sai é enviado a endereços seguros',
    },
    reason: { en: 'These are not safe: {value}.', 'pt-BR': 'Não são seguros: {value}.' },
    mend: { en: 'Register https addresses.', 'pt-BR': 'Registre endereços https.' },
    breaches: (client) => unsafe(client, client.post_logout_redirect_uris),
  },
  {
    id: 'client-server-addresses',
    profile: 'oauth2.1',
    source: 'RFC 7591 §2, OpenID Connect Back-Channel Logout §2.2',
    title: { en: 'The server calls it by TLS', 'pt-BR': 'O servidor o chama por TLS' },
    reason: { en: 'These are not https: {value}.', 'pt-BR': 'Não usam https: {value}.' },
    mend: { en: 'Give them as https addresses.', 'pt-BR': 'Informe endereços https.' },
    breaches: (client) =>
      [client.jwks_uri, client.backchannel_logout_uri].flatMap((uri) =>
        uri && redirectFault(uri) ? [uri] : [],
      ),
  },
  {
    id: 'fapi-profile',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3',
    title: { en: 'The server holds the client to FAPI 2.0', 'pt-BR': 'O servidor exige FAPI 2.0 do cliente' },
    reason: { en: 'It is not on this profile.', 'pt-BR': 'Não está nesse perfil.' },
    mend: { en: 'Choose the profile FAPI 2.0.', 'pt-BR': 'Escolha o perfil FAPI 2.0.' },
    breaches: (client) => broken(!isOnFapi(client)),
  },
  {
    id: 'fapi-confidential',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3.2.1',
    title: { en: 'It proves who it is by a signature', 'pt-BR': 'Prova quem é com uma assinatura' },
    reason: { en: 'It authenticates by {value}.', 'pt-BR': 'Autentica-se por {value}.' },
    mend: {
      en: 'Change it to private_key_jwt. A browser cannot keep such a key from its scripts: let a backend hold the tokens.',
      'pt-BR':
        'Mude para private_key_jwt. Um navegador não guarda essa chave: deixe os tokens com um backend.',
    },
    breaches: (client) => [authenticationOf(client)].filter((method) => method !== 'private_key_jwt'),
  },
  {
    id: 'fapi-pushed',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3.2.2, RFC 9126 §6',
    title: { en: 'It pushes its requests', 'pt-BR': 'Envia seus pedidos antes' },
    reason: {
      en: 'Its requests may go through the browser.',
      'pt-BR': 'Seus pedidos podem passar pelo navegador.',
    },
    mend: { en: 'Choose “Pushed requests only”.', 'pt-BR': 'Escolha “Somente pedidos enviados antes”.' },
    concerns: usesCode,
    breaches: (client) => broken(!isOnFapi(client) && client.require_pushed_authorization_requests !== true),
  },
  {
    id: 'fapi-bound',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3.2.1',
    title: { en: 'Its tokens are bound to a key', 'pt-BR': 'Seus tokens são vinculados a uma chave' },
    reason: { en: 'They are not.', 'pt-BR': 'Não são.' },
    mend: { en: 'Choose “Bound tokens only”.', 'pt-BR': 'Escolha “Somente tokens vinculados”.' },
    breaches: (client) => broken(!isBound(client)),
  },
  {
    id: 'fapi-https',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3.2.2',
    title: { en: 'Its redirect URIs are https', 'pt-BR': 'Seus URIs de redirecionamento usam https' },
    reason: { en: 'These are not: {value}.', 'pt-BR': 'Estes não usam: {value}.' },
    mend: {
      en: 'Use https; http is for native clients on a loopback address.',
      'pt-BR': 'Use https; http é só para clientes nativos em loopback.',
    },
    concerns: usesCode,
    breaches: ({ redirect_uris: uris = [], application_type: type }) =>
      uris.filter((uri) => uri.startsWith('http:') && type !== 'native'),
  },
  {
    id: 'fapi-id-token',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.4.1',
    title: {
      en: 'Its ID tokens are signed by an algorithm that FAPI takes',
      'pt-BR': 'Seus ID tokens usam um algoritmo aceito pelo FAPI',
    },
    reason: { en: 'They are signed by {value}.', 'pt-BR': 'São assinados com {value}.' },
    mend: { en: 'Use ES256.', 'pt-BR': 'Use ES256.' },
    concerns: usesCode,
    breaches: ({ id_token_signed_response_alg: algorithm = 'ES256' }) =>
      [algorithm].filter((each) => !['PS256', 'ES256', 'EdDSA'].includes(each)),
  },
]
