import type { SigningKey, SigningKeys } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { Fact } from '../../../components/fact.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { useChange } from '../use-change.ts'
import { keysQuery, rotateKey } from './queries.ts'

/** The keys that sign tokens. */
export default function KeysPage() {
  const { t } = useTranslation()
  const { data, isPending, error, refetch } = useQuery(keysQuery)
  return (
    <Page title={t('administration.keys.title')} lead={t('administration.keys.lead')}>
      <ProblemNotice error={error} onRetry={refetch} />
      {isPending && <ListSkeleton rows={3} />}
      <div className="grid gap-8">
        {data?.rotations.map((rotation) => (
          <Algorithm
            key={rotation.algorithm}
            rotation={rotation}
            keys={data.items.filter(({ algorithm }) => algorithm === rotation.algorithm)}
          />
        ))}
      </div>
    </Page>
  )
}

type Rotation = SigningKeys['rotations'][number]

function Algorithm({ rotation, keys }: { rotation: Rotation; keys: SigningKey[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isAsking, setAsking] = useState(false)
  const { algorithm, announced } = rotation
  const rotate = useChange({
    change: () => rotateKey(algorithm),
    outdated: keysQuery.queryKey,
    done: t('administration.keys.rotated'),
  })
  const date = format.moment(rotation.at)
  return (
    <section className="grid gap-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 className="font-semibold text-lg">{algorithm}</h2>
          <p className="text-muted text-sm">
            {t(announced ? 'administration.keys.announced' : 'administration.keys.planned', { date })}
          </p>
        </div>
        <Button variant="secondary" disabled={announced} onClick={() => setAsking(true)}>
          {t('administration.keys.rotate', { algorithm })}
        </Button>
      </div>
      <ul className="grid gap-2">
        {keys.map((key) => (
          <KeyRow key={key.kid} signingKey={key} />
        ))}
      </ul>
      <ConfirmDialog
        open={isAsking}
        title={t('administration.keys.confirmTitle', { algorithm })}
        text={t('administration.keys.confirmText')}
        action={t('administration.keys.rotate', { algorithm })}
        change={rotate}
        onClose={() => setAsking(false)}
      />
    </section>
  )
}

const tones = { next: 'blue', active: 'green', retired: 'neutral' } as const

function KeyRow({ signingKey }: { signingKey: SigningKey }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { kid, state, publishedAt, activeFrom, retiredAt, removedAt } = signingKey
  return (
    <li className="card grid gap-4 p-4">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Badge tone={tones[state]}>{t(`administration.keys.${state}`)}</Badge>
        <code className="break-all text-sm">{kid}</code>
      </p>
      <dl className="grid gap-3 text-sm sm:grid-cols-4">
        <Fact name={t('administration.keys.publishedAt')}>{format.moment(publishedAt)}</Fact>
        <Fact name={t('administration.keys.activeFrom')}>{format.moment(activeFrom)}</Fact>
        {retiredAt && <Fact name={t('administration.keys.retiredAt')}>{format.moment(retiredAt)}</Fact>}
        {removedAt && <Fact name={t('administration.keys.removedAt')}>{format.moment(removedAt)}</Fact>}
      </dl>
    </li>
  )
}
