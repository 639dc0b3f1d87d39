import { isHttpsOrLoopback } from '#src/config.ts'
import type { Rule } from './rule.ts'

/** What the server says of itself, and what it is set to. */
export type ServerFacts = {
  /** Its metadata document (RFC 8414). */
  metadata: Record<string, unknown>
  accessTokenSeconds: number
  authorizationCodeSeconds: number
  /** Algorithms without a key that signs now. */
  algorithmsWithoutKey: readonly string[]
}

const listOf = ({ metadata }: ServerFacts, name: string): string[] =>
  Array.isArray(metadata[name]) ? (metadata[name] as string[]) : []
/** What of the list is not among `allowed`. */
const beyond = (list: readonly string[], allowed: readonly string[]) =>
  list.filter((each) => !allowed.includes(each))
const missing = (facts: ServerFacts, ...names: string[]) =>
  names.filter((name) => facts.metadata[name] === undefined || facts.metadata[name] === false)

/** What OAuth 2.1 and FAPI 2.0 ask of an authorization server. */
export const serverRules: readonly Rule<ServerFacts>[] = [
  {
    id: 'server-https',
    profile: 'oauth2.1',
    source: 'RFC 8414 §2, RFC 9700 §2.6',
    title: { en: 'Everything is reached by TLS', 'pt-BR': 'Tudo é acessado por TLS' },
    reason: { en: 'These are not https: {value}.', 'pt-BR': 'Não usam https: {value}.' },
    mend: { en: 'Set ISSUER_URL to an https URL.', 'pt-BR': 'Defina ISSUER_URL com uma URL https.' },
    breaches: ({ metadata }) =>
      Object.entries(metadata)
        .filter(([name]) => name === 'issuer' || name.endsWith('_endpoint') || name === 'jwks_uri')
        .filter(([, url]) => typeof url === 'string' && !isHttpsOrLoopback(url))
        .map(([name]) => name),
  },
  {
    id: 'server-code-only',
    profile: 'oauth2.1',
    source: 'OAuth 2.1 §10.1, RFC 9700 §2.1.2',
    title: {
      en: 'No token travels through the browser’s address',
      'pt-BR': 'Nenhum token passa pelo endereço do navegador',
    },
    reason: {
      en: 'These response types are offered: {value}.',
      'pt-BR': 'São oferecidos os tipos de resposta: {value}.',
    },
    mend: { en: 'Offer the response type code only.', 'pt-BR': 'Ofereça apenas o tipo de resposta code.' },
    breaches: (facts) => beyond(listOf(facts, 'response_types_supported'), ['code']),
  },
  {
    id: 'server-no-password-grant',
    profile: 'oauth2.1',
    source: 'OAuth 2.1 §10.1, RFC 9700 §2.4',
    title: { en: 'No application sees a password', 'pt-BR': 'Nenhum aplicativo vê uma senha' },
    reason: { en: 'These grants are offered: {value}.', 'pt-BR': 'São oferecidas as concessões: {value}.' },
    mend: { en: 'Take these grants away.', 'pt-BR': 'Remova essas concessões.' },
    breaches: (facts) =>
      listOf(facts, 'grant_types_supported').filter((grant) => ['password', 'implicit'].includes(grant)),
  },
  {
    id: 'server-pkce',
    profile: 'oauth2.1',
    source: 'OAuth 2.1 §4.1.1, RFC 9700 §2.1.1',
    title: {
      en: 'Codes are bound to who asked (PKCE, S256)',
      'pt-BR': 'Códigos vinculados a quem pediu (PKCE, S256)',
    },
    reason: {
      en: 'The methods are not S256 alone: {value}.',
      'pt-BR': 'Os métodos não são só S256: {value}.',
    },
    mend: {
      en: 'Require PKCE with S256 of every client.',
      'pt-BR': 'Exija PKCE com S256 de todos os clientes.',
    },
    breaches: (facts) => {
      const methods = listOf(facts, 'code_challenge_methods_supported')
      return methods.includes('S256') ? beyond(methods, ['S256']) : ['–']
    },
  },
  {
    id: 'server-response-issuer',
    profile: 'oauth2.1',
    source: 'RFC 9207 §2, RFC 9700 §2.1',
    title: {
      en: 'Each answer says which server it is from',
      'pt-BR': 'Cada resposta diz de qual servidor veio',
    },
    reason: { en: 'The metadata lacks {value}.', 'pt-BR': 'Falta nos metadados: {value}.' },
    mend: {
      en: 'Put iss into every authorization response.',
      'pt-BR': 'Inclua iss em toda resposta de autorização.',
    },
    breaches: (facts) => missing(facts, 'authorization_response_iss_parameter_supported'),
  },
  {
    id: 'server-algorithms',
    profile: 'oauth2.1',
    source: 'RFC 8725 §3.1–3.2',
    title: {
      en: 'Signatures are made by private keys',
      'pt-BR': 'Assinaturas são feitas com chaves privadas',
    },
    reason: {
      en: 'These algorithms are offered: {value}.',
      'pt-BR': 'São oferecidos os algoritmos: {value}.',
    },
    mend: { en: 'Take none and HS* away.', 'pt-BR': 'Remova none e HS*.' },
    breaches: (facts) =>
      ['id_token_signing_alg_values_supported', 'token_endpoint_auth_signing_alg_values_supported']
        .flatMap((name) => listOf(facts, name))
        .filter((algorithm) => /^(none|HS\d+)$/.test(algorithm)),
  },
  {
    id: 'server-short-tokens',
    profile: 'oauth2.1',
    source: 'RFC 9700 §2.2, RFC 6750 §5.3',
    title: { en: 'Access tokens live an hour at most', 'pt-BR': 'Tokens de acesso vivem no máximo uma hora' },
    reason: { en: 'They live {value} seconds.', 'pt-BR': 'Vivem {value} segundos.' },
    mend: { en: 'Let them live for minutes.', 'pt-BR': 'Deixe-os viver por minutos.' },
    breaches: ({ accessTokenSeconds }) => (accessTokenSeconds > 3600 ? [String(accessTokenSeconds)] : []),
  },
  {
    id: 'server-revocation',
    profile: 'oauth2.1',
    source: 'RFC 7009 §2, RFC 9700 §4.14.2',
    title: { en: 'Tokens can be revoked', 'pt-BR': 'Tokens podem ser revogados' },
    reason: { en: 'The metadata lacks {value}.', 'pt-BR': 'Falta nos metadados: {value}.' },
    mend: { en: 'Offer the revocation endpoint.', 'pt-BR': 'Ofereça o endpoint de revogação.' },
    breaches: (facts) => missing(facts, 'revocation_endpoint'),
  },
  {
    id: 'server-keys',
    profile: 'oauth2.1',
    source: 'OpenID Connect Core §10.1.1',
    title: { en: 'Every algorithm has a key that signs', 'pt-BR': 'Todo algoritmo tem uma chave que assina' },
    reason: { en: 'No active key for {value}.', 'pt-BR': 'Sem chave ativa para {value}.' },
    mend: { en: 'Rotate the key.', 'pt-BR': 'Troque a chave.' },
    breaches: ({ algorithmsWithoutKey }) => algorithmsWithoutKey,
  },
  {
    id: 'server-par',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3.2.2',
    title: { en: 'Requests can be pushed (PAR)', 'pt-BR': 'Pedidos podem ser enviados antes (PAR)' },
    reason: { en: 'The metadata lacks {value}.', 'pt-BR': 'Falta nos metadados: {value}.' },
    mend: {
      en: 'Offer pushed authorization requests.',
      'pt-BR': 'Ofereça pedidos de autorização enviados antes.',
    },
    breaches: (facts) => missing(facts, 'pushed_authorization_request_endpoint'),
  },
  {
    id: 'server-sender-constraint',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3.2.1, RFC 9449 §5.1',
    title: {
      en: 'Tokens can be bound to a key (DPoP)',
      'pt-BR': 'Tokens podem ser vinculados a uma chave (DPoP)',
    },
    reason: { en: 'The metadata lacks {value}.', 'pt-BR': 'Falta nos metadados: {value}.' },
    mend: { en: 'Offer DPoP.', 'pt-BR': 'Ofereça DPoP.' },
    breaches: (facts) => missing(facts, 'dpop_signing_alg_values_supported'),
  },
  {
    id: 'server-assertions',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3.2.1',
    title: {
      en: 'Clients can prove who they are by a signature',
      'pt-BR': 'Clientes podem provar quem são com uma assinatura',
    },
    reason: { en: '{value} is not offered.', 'pt-BR': '{value} não é oferecido.' },
    mend: { en: 'Offer private_key_jwt.', 'pt-BR': 'Ofereça private_key_jwt.' },
    breaches: (facts) => beyond(['private_key_jwt'], listOf(facts, 'token_endpoint_auth_methods_supported')),
  },
  {
    id: 'server-fapi-algorithms',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.4.1',
    title: {
      en: 'Algorithms that FAPI takes are offered everywhere',
      'pt-BR': 'Algoritmos aceitos pelo FAPI em toda parte',
    },
    reason: {
      en: 'None of PS256, ES256 and EdDSA in: {value}.',
      'pt-BR': 'Nenhum entre PS256, ES256 e EdDSA em: {value}.',
    },
    mend: { en: 'Offer ES256.', 'pt-BR': 'Ofereça ES256.' },
    breaches: (facts) =>
      [
        'id_token_signing_alg_values_supported',
        'token_endpoint_auth_signing_alg_values_supported',
        'dpop_signing_alg_values_supported',
      ].filter((name) => beyond(['PS256', 'ES256', 'EdDSA'], listOf(facts, name)).length === 3),
  },
  {
    id: 'server-short-codes',
    profile: 'fapi2',
    source: 'FAPI 2.0 Security Profile §5.3.2.1',
    title: { en: 'Codes live a minute at most', 'pt-BR': 'Códigos vivem no máximo um minuto' },
    reason: { en: 'They live {value} seconds.', 'pt-BR': 'Vivem {value} segundos.' },
    mend: { en: 'Let them live for 60 seconds.', 'pt-BR': 'Deixe-os viver por 60 segundos.' },
    breaches: ({ authorizationCodeSeconds: seconds }) => (seconds > 60 ? [String(seconds)] : []),
  },
]
