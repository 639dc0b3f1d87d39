import { ApiProblem, type Profile, type ProfileChanges } from '@alicerce/api-client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AddressFields, addressToSend, emptyAddress } from '../../components/address.tsx'
import { Button } from '../../components/button.tsx'
import { SelectField, TextField } from '../../components/field.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { chooseLocale } from '../../lib/i18n/index.ts'
import { ownProfileQuery } from '../../lib/person.ts'
import { api } from '../../lib/platform.ts'
import { showToast } from '../../lib/toasts.ts'
import { Conflict } from './conflict.tsx'
import { type Draft, draftOf } from './draft.ts'

/** What a person changes of himself. A change that somebody else made meanwhile is shown beside it, never overwritten unseen. */
export function ProfileForm({ profile, etag }: { profile: Profile; etag: string }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(() => draftOf(profile))
  const [base, setBase] = useState({ profile, etag })
  const [theirs, setTheirs] = useState<Draft>()
  const save = useSave({
    onSaved: setBase,
    onConflict: (fresh) => {
      setBase(fresh)
      setTheirs(draftOf(fresh.profile))
    },
  })
  const problem = save.error instanceof ApiProblem ? save.error : undefined
  function submit(event: FormEvent) {
    event.preventDefault()
    setTheirs(undefined)
    save.mutate({ etag: base.etag, changes: changesOf(draft) })
  }
  return (
    <form onSubmit={submit} className="card grid gap-6 p-5 sm:p-8">
      {theirs && <Conflict mine={draft} theirs={theirs} onTake={setDraft} />}
      <h2 className="font-semibold text-lg">{t('profile.details')}</h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('profile.name')}
          name="name"
          autoComplete="name"
          required
          maxLength={120}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          error={problem?.faultAt('/name')?.detail}
          className="sm:col-span-2"
        />
        <TextField
          label={t('profile.phone')}
          name="phone"
          type="tel"
          autoComplete="tel"
          optional
          maxLength={24}
          value={draft.phone}
          onChange={(event) => setDraft({ ...draft, phone: event.target.value })}
          error={problem?.faultAt('/phone')?.detail}
        />
        <SelectField
          label={t('profile.language')}
          name="locale"
          value={draft.locale}
          onChange={(event) => setDraft({ ...draft, locale: event.target.value as Draft['locale'] })}
        >
          <option value="en">English</option>
          <option value="pt-BR">Português (Brasil)</option>
        </SelectField>
      </div>
      <div>
        <h2 className="font-semibold text-lg">{t('profile.addressTitle')}</h2>
        <p className="mt-1 text-muted text-sm">{t('profile.addressHint')}</p>
      </div>
      <AddressFields
        value={draft.address}
        onChange={(address) => setDraft({ ...draft, address })}
        problem={problem}
        pointer="/address"
        required={hasAddress(draft)}
      />
      {!theirs && <ProblemNotice error={save.error} />}
      <div>
        <Button type="submit" disabled={save.isPending}>
          {save.isPending ? t('common.saving') : t('common.save')}
        </Button>
      </div>
    </form>
  )
}

type Stored = { profile: Profile; etag: string }

function useSave(then: { onSaved: (stored: Stored) => void; onConflict: (stored: Stored) => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ etag, changes }: { etag: string; changes: ProfileChanges }): Promise<Stored> => {
      const { data, response } = await api.PUT('/users/me', {
        params: { header: { 'If-Match': etag } },
        body: changes,
      })
      return { profile: data as Profile, etag: response.headers.get('etag') ?? '' }
    },
    onSuccess: (stored) => {
      queries.setQueryData(ownProfileQuery.queryKey, stored)
      then.onSaved(stored)
      void chooseLocale(stored.profile.locale)
      showToast(t('profile.saved'))
    },
    onError: async (error) => {
      if (error instanceof ApiProblem && error.status === 412)
        then.onConflict(await queries.fetchQuery({ ...ownProfileQuery, staleTime: 0 }))
    },
  })
}

const hasAddress = ({ address: { line1, line2, postalCode, city } }: Draft) =>
  [line1, line2, postalCode, city].some((part) => part?.trim())

function changesOf(draft: Draft): ProfileChanges {
  return {
    name: draft.name.trim(),
    locale: draft.locale,
    ...(draft.phone.trim() && { phone: draft.phone.trim() }),
    ...(hasAddress(draft) && { address: addressToSend({ ...emptyAddress, ...draft.address }) }),
  }
}
