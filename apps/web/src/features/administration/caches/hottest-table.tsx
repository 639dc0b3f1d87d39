import type { CacheView } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/i18n/format.ts'
import { Cell, Row, RowHead, Table } from '../table.tsx'

const shown = 10

/** The keys that are read most; one that is chosen goes into the form below. */
export function HottestTable(props: {
  hottest: CacheView['hottest']
  onChoose: (key: { class: string; key: string }) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { hottest, onChoose } = props
  if (hottest.length === 0) return <p className="text-muted">{t('administration.caches.noHottest')}</p>
  const [key = '', of = '', reads = ''] = (['key', 'class', 'reads'] as const).map((name) =>
    t(`administration.caches.${name}`),
  )
  return (
    <>
      <p className="text-muted">{t('administration.caches.hottestLead')}</p>
      <Table caption={t('administration.caches.hottest')} columns={[key, of, reads]}>
        {hottest.slice(0, shown).map((hot) => (
          <Row key={`${hot.class} ${hot.key}`}>
            <RowHead>
              <button
                type="button"
                aria-label={t('administration.caches.choose', { key: `${hot.class}: ${hot.key}` })}
                className="break-all text-left font-mono text-primary text-xs hover:underline"
                onClick={() => onChoose({ class: hot.class, key: hot.key })}
              >
                {hot.key}
              </button>
            </RowHead>
            <Cell name={of}>
              <code>{hot.class}</code>
            </Cell>
            <Cell name={reads} numeric>
              {format.number(hot.reads)}
            </Cell>
          </Row>
        ))}
      </Table>
    </>
  )
}
