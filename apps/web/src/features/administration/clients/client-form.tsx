import { ApiProblem, type ClientSettings } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { CheckCard } from '../../../components/check-card.tsx'
import { SelectField, TextArea, TextField } from '../../../components/field.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { rolesQuery } from '../roles/queries.ts'
import { Choices } from './choices.tsx'

const authentications = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const
const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:token-exchange',
] as const
const scopes = ['openid', 'profile', 'email', 'offline_access'] as const

/** All that can be said of a client. `error` puts its faults on the fields that they concern. */
export function ClientForm(props: {
  initial: ClientSettings
  action: string
  disabled?: boolean
  pending: boolean
  error: unknown
  onSave: (settings: ClientSettings) => void
}) {
  const { t } = useTranslation()
  const { error, disabled } = props
  const [settings, setSettings] = useState(props.initial)
  const [jwks, setJwks] = useState(settings.jwks ? JSON.stringify(settings.jwks, null, 2) : '')
  const [jwksFault, setJwksFault] = useState<string>()
  const { data: roles } = useQuery(rolesQuery)
  const change = (changes: Partial<ClientSettings>) => setSettings({ ...settings, ...changes })
  const faultOf = (field: keyof ClientSettings) =>
    error instanceof ApiProblem
      ? error.errors
          .filter(({ pointer }) => pointer === `#/${field}` || pointer?.startsWith(`#/${field}/`))
          .map(({ detail }) => detail)
          .join('. ')
      : undefined
  const uris = (field: 'redirectUris' | 'postLogoutRedirectUris') => ({
    label: t(`administration.clients.${field}`),
    hint: t('administration.clients.onePerLine'),
    defaultValue: settings[field].join('\n'),
    error: faultOf(field),
    spellCheck: false,
    onChange: ({ target }: { target: { value: string } }) =>
      change({
        [field]: target.value
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean),
      }),
  })
  const address = (field: 'homepage' | 'backchannelLogoutUri' | 'jwksUri') => ({
    label: t(`administration.clients.${field}`),
    type: 'url',
    optional: true,
    value: settings[field] ?? '',
    error: faultOf(field),
    onChange: ({ target }: { target: { value: string } }) => change({ [field]: target.value || null }),
  })
  const flag = (field: 'firstParty' | 'dpopBound' | 'requirePar') => ({
    label: t(`administration.clients.${field}`),
    text: t(`administration.clients.${field}Text`),
    checked: settings[field],
    onChange: ({ target }: { target: { checked: boolean } }) => change({ [field]: target.checked }),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    const keys = parsedKeys(jwks)
    setJwksFault(keys === undefined ? t('administration.clients.jwksUnreadable') : undefined)
    if (keys !== undefined) props.onSave({ ...settings, jwks: keys })
  }
  return (
    <form onSubmit={submit}>
      <fieldset disabled={disabled} className="card grid gap-6 p-5 sm:p-6">
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            label={t('administration.clients.name')}
            required
            maxLength={100}
            value={settings.name}
            error={faultOf('name')}
            onChange={({ target }) => change({ name: target.value })}
          />
          <TextField {...address('homepage')} />
          <SelectField
            label={t('administration.clients.applicationType')}
            value={settings.applicationType}
            onChange={({ target }) =>
              change({ applicationType: target.value as ClientSettings['applicationType'] })
            }
          >
            <option value="web">{t('administration.clients.typeWeb')}</option>
            <option value="native">{t('administration.clients.typeNative')}</option>
          </SelectField>
          <SelectField
            label={t('administration.clients.authentication')}
            value={settings.authentication}
            onChange={({ target }) =>
              change({ authentication: target.value as ClientSettings['authentication'] })
            }
          >
            {authentications.map((method) => (
              <option key={method} value={method}>
                {t(`administration.clients.by_${method}`)}
              </option>
            ))}
          </SelectField>
        </div>
        {settings.authentication === 'private_key_jwt' && (
          <div className="grid gap-5">
            <TextField {...address('jwksUri')} />
            <TextArea
              label={t('administration.clients.jwks')}
              hint={t('administration.clients.jwksHint')}
              optional
              spellCheck={false}
              value={jwks}
              error={jwksFault ?? faultOf('jwks')}
              onChange={({ target }) => setJwks(target.value)}
            />
          </div>
        )}
        <Choices
          legend={t('administration.clients.grantTypes')}
          choices={grantTypes.map((value) => ({
            value,
            text: t(`administration.clients.grant_${lastWord(value)}`),
          }))}
          chosen={settings.grantTypes}
          onChange={(chosen) => change({ grantTypes: chosen })}
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextArea {...uris('redirectUris')} />
          <TextArea {...uris('postLogoutRedirectUris')} />
        </div>
        <TextField {...address('backchannelLogoutUri')} />
        <Choices
          legend={t('administration.clients.scopes')}
          choices={scopes.map((value) => ({ value, text: t(`administration.clients.scope_${value}`) }))}
          chosen={settings.scopes}
          onChange={(chosen) => change({ scopes: chosen })}
        />
        <Choices
          legend={t('administration.clients.apiScopes')}
          choices={(roles?.scopes ?? settings.apiScopes).map((value) => ({
            value,
            text: t(`administration.scopes.${value}`, { nsSeparator: false }),
          }))}
          chosen={settings.apiScopes}
          onChange={(chosen) => change({ apiScopes: chosen })}
        />
        <SelectField
          label={t('administration.clients.profile')}
          hint={t('administration.clients.profileHint')}
          value={settings.profile}
          onChange={({ target }) => change({ profile: target.value as ClientSettings['profile'] })}
        >
          <option value="oauth2.1">OAuth 2.1</option>
          <option value="fapi2">FAPI 2.0</option>
        </SelectField>
        <div className="grid gap-2">
          <CheckCard {...flag('firstParty')} />
          <CheckCard {...flag('requirePar')} />
          <CheckCard {...flag('dpopBound')} />
        </div>
        <ProblemNotice error={error} />
        {!disabled && (
          <div>
            <Button type="submit" disabled={props.pending}>
              {props.action}
            </Button>
          </div>
        )}
      </fieldset>
    </form>
  )
}

const lastWord = <Name extends string>(name: Name) => name.split(':').at(-1) as LastWord<Name>
type LastWord<Name extends string> = Name extends `${string}:${infer Rest}` ? LastWord<Rest> : Name

/** null where nothing is typed; undefined where it is not a set of keys. */
function parsedKeys(text: string): ClientSettings['jwks'] | undefined {
  if (!text.trim()) return null
  try {
    const value = JSON.parse(text)
    return Array.isArray(value?.keys) ? { keys: value.keys } : undefined
  } catch {
    return undefined
  }
}
