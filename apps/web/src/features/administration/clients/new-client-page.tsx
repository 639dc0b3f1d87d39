import type { ClientSettings } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { BackLink } from '../../../components/back-link.tsx'
import { ButtonLink } from '../../../components/button.tsx'
import { Page } from '../../../components/page.tsx'
import { useChange } from '../use-change.ts'
import { ClientForm } from './client-form.tsx'
import { createClient } from './queries.ts'
import { SecretOnce } from './secret-once.tsx'

const fresh: ClientSettings = {
  name: '',
  applicationType: 'web',
  authentication: 'client_secret_basic',
  grantTypes: ['authorization_code', 'refresh_token'],
  redirectUris: [],
  postLogoutRedirectUris: [],
  scopes: ['openid', 'profile', 'email'],
  apiScopes: [],
  firstParty: false,
  profile: 'oauth2.1',
  dpopBound: false,
  requirePar: false,
  jwksUri: null,
  jwks: null,
  backchannelLogoutUri: null,
  homepage: null,
}

/** Makes a client, and shows its secret this once. */
export default function NewClientPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const create = useChange({
    change: createClient,
    outdated: ['clients'],
    done: t('administration.clients.created'),
  })
  const pageOf = (id: string) => `/administration/clients/${encodeURIComponent(id)}`
  const made = create.data
  return (
    <Page
      narrow
      title={t('administration.clients.open')}
      above={<BackLink to="/administration/clients" text={t('administration.clients.title')} />}
    >
      {made?.secret ? (
        <div className="grid gap-6">
          <SecretOnce id={made.client.id} secret={made.secret} />
          <div>
            <ButtonLink to={pageOf(made.client.id)}>{t('administration.clients.toClient')}</ButtonLink>
          </div>
        </div>
      ) : (
        <ClientForm
          initial={fresh}
          action={t('administration.clients.create')}
          pending={create.isPending}
          error={create.error}
          onSave={(settings) =>
            create.mutate(settings, {
              onSuccess: ({ client, secret }) => secret === null && void navigate(pageOf(client.id)),
            })
          }
        />
      )}
    </Page>
  )
}
