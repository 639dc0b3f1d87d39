import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { SelectField, TextField } from '../../../components/field.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { useChange } from '../use-change.ts'
import { Explanation } from './explanation.tsx'
import { type CachedService, type Chosen, explainKey, makeVoid } from './queries.ts'

type Props = {
  service: CachedService
  classes: string[]
  /** A key that was chosen elsewhere on the page. */
  chosen: { class: string; key: string } | undefined
}

/** Says how a key stands, and makes keys and tags void. */
export function VoidForm({ service, classes, chosen }: Props) {
  const { t } = useTranslation()
  const [what, setWhat] = useState<'key' | 'tag'>('key')
  const [className, setClassName] = useState(classes[0] ?? '')
  const [key, setKey] = useState('')
  const [tag, setTag] = useState('')
  const form = useRef<HTMLFormElement>(null)
  const question = useMutation({
    mutationFn: (asked: { class: string; key: string }) => explainKey(service, asked),
  })
  const { mutate: ask, reset } = question
  const change = useChange({
    change: (what: Chosen) => makeVoid(service, what),
    outdated: ['caches', service],
    done: t('administration.caches.voided'),
  })
  useEffect(() => {
    if (!chosen) return
    setWhat('key')
    setClassName(chosen.class)
    setKey(chosen.key)
    ask(chosen)
    form.current?.scrollIntoView({ block: 'nearest' })
    form.current?.querySelector<HTMLInputElement>('input')?.focus({ preventScroll: true })
  }, [chosen, ask])

  function submit(event: FormEvent) {
    event.preventDefault()
    reset()
    change.mutate(what === 'tag' ? { tag } : { class: className, key })
  }

  return (
    <form ref={form} onSubmit={submit} className="card grid scroll-mt-4 gap-4 p-5 sm:p-6">
      <div>
        <h2 className="font-semibold text-lg">{t('administration.caches.voidTitle')}</h2>
        <p className="mt-1 text-muted text-sm">{t('administration.caches.voidText')}</p>
      </div>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-[14rem_12rem_minmax(0,1fr)]">
        <SelectField
          label={t('administration.caches.what')}
          value={what}
          onChange={({ target }) => {
            setWhat(target.value as 'key' | 'tag')
            reset()
          }}
        >
          <option value="key">{t('administration.caches.whatKey')}</option>
          <option value="tag">{t('administration.caches.whatTag')}</option>
        </SelectField>
        {what === 'key' ? (
          <>
            <SelectField
              label={t('administration.caches.class')}
              value={className}
              onChange={({ target }) => setClassName(target.value)}
            >
              {classes.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </SelectField>
            <TextField
              {...{ label: t('administration.caches.key'), hint: t('administration.caches.keyHint') }}
              {...{ required: true, maxLength: 500, spellCheck: false, autoCapitalize: 'none' }}
              className="sm:col-span-2 lg:col-span-1"
              value={key}
              onChange={({ target }) => setKey(target.value)}
            />
          </>
        ) : (
          <TextField
            {...{
              label: t('administration.caches.tag'),
              hint: t(`administration.caches.tagHint_${service}`),
            }}
            {...{ required: true, maxLength: 200, spellCheck: false, autoCapitalize: 'none' }}
            className="lg:col-span-2"
            value={tag}
            onChange={({ target }) => setTag(target.value)}
          />
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {what === 'key' && (
          <Button
            variant="secondary"
            disabled={question.isPending || key === ''}
            onClick={() => ask({ class: className, key })}
          >
            {t('administration.caches.explain')}
          </Button>
        )}
        <Button type="submit" variant="danger" disabled={change.isPending}>
          {t('administration.caches.void')}
        </Button>
      </div>
      <ProblemNotice error={change.error ?? question.error} />
      <div aria-live="polite">{question.data && <Explanation of={question.data} />}</div>
    </form>
  )
}
