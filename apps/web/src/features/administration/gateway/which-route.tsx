import type { GatewayRoute, WhichRoute } from '@alicerce/api-client'
import { useMutation } from '@tanstack/react-query'
import { CircleCheck, CircleX } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { SelectField, TextArea, TextField } from '../../../components/field.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { findRoute } from './queries.ts'
import { wantedBy } from './route-words.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Says which route would take a request, and why those before it would not. */
export function WhichRouteForm({ routes }: { routes: GatewayRoute[] }) {
  const { t } = useTranslation()
  const [url, setUrl] = useState('')
  const [method, setMethod] = useState('GET')
  const [headers, setHeaders] = useState('')
  const question = useMutation({ mutationFn: findRoute })
  function submit(event: FormEvent) {
    event.preventDefault()
    question.mutate({ url, method, headers })
  }
  return (
    <form onSubmit={submit} className="card mb-10 grid gap-4 p-5 sm:p-6">
      <h2 className="font-semibold text-lg">{t('administration.gateway.whichTitle')}</h2>
      <div className="grid gap-4 sm:grid-cols-[1fr_10rem]">
        <TextField
          label={t('administration.gateway.whichUrl')}
          hint={t('administration.gateway.whichHint')}
          required
          maxLength={4000}
          spellCheck={false}
          autoCapitalize="none"
          value={url}
          onChange={({ target }) => setUrl(target.value)}
        />
        <SelectField
          label={t('administration.gateway.whichMethod')}
          value={method}
          onChange={({ target }) => setMethod(target.value)}
        >
          {methods.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
      </div>
      <TextArea
        label={t('administration.gateway.whichHeaders')}
        hint={t('administration.gateway.whichHeadersHint')}
        optional
        rows={2}
        spellCheck={false}
        value={headers}
        onChange={({ target }) => setHeaders(target.value)}
      />
      <div>
        <Button type="submit" variant="secondary" disabled={question.isPending}>
          {t('administration.gateway.whichAsk')}
        </Button>
      </div>
      <ProblemNotice error={question.error} />
      <div aria-live="polite">{question.data && <Answer found={question.data} routes={routes} />}</div>
    </form>
  )
}

type AnswerProps = { found: WhichRoute; routes: GatewayRoute[] }

function Answer({ found, routes }: AnswerProps) {
  const { t } = useTranslation()
  const isTaken = found.answeredBy !== 'nobody'
  const Icon = isTaken ? CircleCheck : CircleX
  return (
    <div className="grid gap-4 text-sm">
      <div className="flex gap-3">
        <Icon
          aria-hidden
          className={isTaken ? 'size-5 shrink-0 text-success' : 'size-5 shrink-0 text-danger'}
        />
        <div className="min-w-0">
          <p className="break-words font-medium text-base">
            <Verdict found={found} />
          </p>
          {found.refusal && (
            <p lang="en" className="break-words">
              {found.refusal.reason}
            </p>
          )}
          <p className="text-muted">
            <code className="break-all">
              {found.method} {found.host}
              {found.target}
            </code>
          </p>
        </div>
      </div>
      {found.passedOver.length > 0 && (
        <section className="grid gap-2">
          <h3 className="font-medium">
            {t(found.route ? 'administration.gateway.passedOver' : 'administration.gateway.passedOverAll')}
          </h3>
          <PassedOver found={found} routes={routes} />
        </section>
      )}
    </div>
  )
}

function Verdict({ found }: { found: WhichRoute }) {
  const { t } = useTranslation()
  const { answeredBy, refusal, allow } = found
  const [route, cluster] = [found.route ?? '', found.clusterId ?? '']
  if (refusal) return t('administration.gateway.refusedAtEdge', { status: refusal.status })
  if (answeredBy === 'cluster') return t('administration.gateway.takenBy', { route, cluster })
  if (answeredBy === 'gateway') return t('administration.gateway.takenByGateway', { route })
  if (answeredBy === 'web-app') return t('administration.gateway.takenByWebApp')
  if (allow.length > 0) return t('administration.gateway.takenByMethod', { methods: allow.join(', ') })
  return t('administration.gateway.takenByNobody')
}

/** Those that have the path first: they are what one looks for. */
function PassedOver({ found, routes }: AnswerProps) {
  const { t } = useTranslation()
  const near = found.passedOver.filter(({ missed }) => !missed.includes('path'))
  const far = found.passedOver.filter(({ missed }) => missed.includes('path'))
  return (
    <>
      <PassedOverList passedOver={near} routes={routes} />
      {far.length > 0 && (
        <details>
          <summary className="w-fit font-medium text-primary">
            {t('administration.gateway.otherPaths', { count: far.length })}
          </summary>
          <div className="mt-2">
            <PassedOverList passedOver={far} routes={routes} />
          </div>
        </details>
      )}
      {found.leftOut > 0 && (
        <p className="text-muted">{t('administration.gateway.leftOut', { count: found.leftOut })}</p>
      )}
    </>
  )
}

function PassedOverList({
  passedOver,
  routes,
}: {
  passedOver: WhichRoute['passedOver']
  routes: GatewayRoute[]
}) {
  const { t } = useTranslation()
  const hidden = t('administration.gateway.hidden')
  if (passedOver.length === 0) return null
  return (
    <ul className="grid gap-1">
      {passedOver.map(({ route: id, missed }) => {
        const route = routes.find((each) => each.id === id)
        const words = missed.flatMap((each) => {
          const wanted = wantedBy(route, each, hidden)
          return wanted === undefined ? [] : t(`administration.gateway.missed_${each}`, { wanted })
        })
        return (
          <li key={id} className="break-words">
            <span className="font-medium">{id}</span>
            {words.length > 0 && <span className="text-muted">: {words.join('; ')}</span>}
          </li>
        )
      })}
    </ul>
  )
}
