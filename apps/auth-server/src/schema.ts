import type { ColumnType, Generated } from 'kysely'
import type { ClientMetadata } from 'oidc-provider'
import type { KeptSecret } from './clients/client-secrets.ts'

/** The tables of database `auth`. */
export type Tables = {
  account: {
    id: Generated<string>
    email: string
    name: string
    locale: string
    /** `null` where the person signs in elsewhere. */
    password_hash: string | null
    roles: string[]
    status: 'active' | 'disabled'
    version: ColumnType<number, number | undefined, number>
    created_at: ColumnType<Date, Date | undefined, Date>
    updated_at: ColumnType<Date, Date | undefined, Date>
    last_sign_in_at: ColumnType<Date | null, Date | null, Date | null>
    email_verified_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  }
  oidc_artifact: {
    model: string
    id_hash: Buffer
    uid: string | null
    grant_id: string | null
    account_id: string | null
    user_code: string | null
    client_id: string | null
    payload: ColumnType<Record<string, unknown>, string, string>
    expires_at: ColumnType<Date | null, Date | null, Date | null>
    consumed_at: ColumnType<Date | null, Date | null, Date | null>
  }
  session_device: {
    /** The session's. */
    uid: string
    account_id: string
    user_agent: string
    address: string
    signed_in_at: Date
    last_seen_at: ColumnType<Date, Date | undefined, Date>
  }
  oauth_client: {
    client_id: string
    metadata: ColumnType<ClientMetadata, string, string>
    secrets: ColumnType<KeptSecret[], string, string>
    disabled: ColumnType<boolean, boolean | undefined, boolean>
    version: ColumnType<number, number | undefined, number>
    created_at: ColumnType<Date, Date | undefined, Date>
    updated_at: ColumnType<Date, Date | undefined, Date>
  }
  consent: {
    account_id: string
    client_id: string
    scopes: string[]
    granted_at: ColumnType<Date, Date | undefined, Date>
  }
  external_identity: {
    issuer: string
    subject: string
    account_id: string
    created_at: ColumnType<Date, Date | undefined, never>
  }
  external_attempt: {
    state_hash: Buffer
    interaction: string
    provider: string
    sealed: Buffer
    expires_at: Date
  }
  signing_key: {
    kid: string
    algorithm: string
    sealed: Buffer
    /** When it was published. */
    created_at: ColumnType<Date, Date | undefined, Date>
    /** When it begins to sign. */
    active_from: Date
  }
  totp: {
    account_id: string
    sealed: Buffer
    /** The time step whose code was used last; bigint, which arrives as text. */
    last_counter: ColumnType<string, number | undefined, number>
    created_at: ColumnType<Date, Date | undefined, Date>
    /** Null until a first code has shown that the app has the secret. */
    confirmed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  }
  recovery_code: { account_id: string; code_hash: Buffer; used_at: ColumnType<Date | null, never, Date> }
  passkey: {
    /** The credential's id, as base64url. */
    id: string
    account_id: string
    public_key: Buffer
    /** bigint, which arrives as text. */
    counter: ColumnType<string, number, number>
    transports: string[]
    name: string
    created_at: ColumnType<Date, Date | undefined, Date>
    last_used_at: ColumnType<Date | null, never, Date>
  }
  revocation: { kind: string; value: string; issued_before: number; expires_at: number }
  sign_in_failure: { account: string; address: string; at: ColumnType<Date, Date | undefined, Date> }
  one_time_link: {
    token_hash: Buffer
    purpose: string
    account_id: string
    request: string
    created_at: Date
    expires_at: Date
  }
  registration: {
    id: string
    email: string
    name: string
    password_hash: string
    locale: string
    code_hash: ColumnType<Buffer | null, Buffer | undefined, Buffer>
    tries: Generated<number>
    expires_at: Date
  }
  shown_mail: { id: string; sealed: Buffer; at: ColumnType<Date, Date | undefined, Date> }
  role: { name: string; description: string; scopes: string[]; version: Generated<number> }
  audit_event: {
    id: Generated<string>
    at: ColumnType<Date, Date | undefined, Date>
    action: string
    actor: string | null
    target: string | null
    outcome: string
    address: string | null
    trace_id: string | null
    details: ColumnType<Record<string, unknown> | null, string | null, never>
  }
}
