import type { Client } from '@alicerce/api-client'
import { useMutation } from '@tanstack/react-query'
import { CircleCheck, CircleX } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { TextField } from '../../../components/field.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { testRedirectUri } from './queries.ts'

/** Says whether an authorization request with some redirect URI would be answered there, and if not, why. */
export function RedirectTest({ client }: { client: Client }) {
  const { t } = useTranslation()
  const [uri, setUri] = useState('')
  const test = useMutation({ mutationFn: (uri: string) => testRedirectUri(client.id, uri) })
  function submit(event: FormEvent) {
    event.preventDefault()
    test.mutate(uri)
  }
  const Icon = test.data?.accepted ? CircleCheck : CircleX
  return (
    <div className="grid gap-6">
      <section className="card grid gap-3 p-5 sm:p-6">
        <h2 className="font-semibold text-lg">{t('administration.clients.redirectUris')}</h2>
        {client.settings.redirectUris.length === 0 && (
          <p className="text-muted">{t('administration.clients.noRedirects')}</p>
        )}
        <ul className="grid gap-1 text-sm">
          {client.settings.redirectUris.map((each) => (
            <li key={each}>
              <code className="break-all">{each}</code>
            </li>
          ))}
        </ul>
      </section>
      <form onSubmit={submit} className="card grid gap-4 p-5 sm:p-6">
        <h2 className="font-semibold text-lg">{t('administration.clients.testTitle')}</h2>
        <TextField
          label={t('administration.clients.testLabel')}
          hint={t('administration.clients.testHint')}
          required
          maxLength={2000}
          spellCheck={false}
          value={uri}
          onChange={({ target }) => setUri(target.value)}
        />
        <div>
          <Button type="submit" variant="secondary" disabled={test.isPending}>
            {t('administration.clients.test')}
          </Button>
        </div>
        <ProblemNotice error={test.error} />
        <div aria-live="polite">
          {test.data && (
            <div className="flex gap-3">
              <Icon
                aria-hidden
                className={
                  test.data.accepted ? 'size-5 shrink-0 text-success' : 'size-5 shrink-0 text-danger'
                }
              />
              <div className="min-w-0">
                <p className="font-medium">
                  {t(
                    test.data.accepted ? 'administration.clients.accepted' : 'administration.clients.refused',
                  )}
                </p>
                {test.data.rule && (
                  <p className="text-sm">{t(`administration.clients.rule_${test.data.rule}`)}</p>
                )}
                {test.data.nearest && (
                  <p className="text-muted text-sm">
                    {t('administration.clients.nearest')}{' '}
                    <code className="break-all">{test.data.nearest}</code>
                  </p>
                )}
              </div>
            </div>
          )}
        </div>
      </form>
    </div>
  )
}
