import type { CacheClassView } from '@alicerce/api-client'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/i18n/format.ts'
import { Cell, Row, RowHead, Table } from '../table.tsx'
import { hitRatio } from './figures.ts'

/** What was counted of each kind of value. */
export function ClassesTable(props: {
  classes: CacheClassView[]
  rates: ReadonlyMap<string, number> | undefined
}) {
  const { t } = useTranslation()
  const columns = (['class', 'ratio', 'memory', 'redis', 'loads', 'waits', 'around'] as const).map((name) =>
    t(`administration.caches.${name}`),
  )
  return (
    <Table caption={t('administration.caches.classes')} columns={columns}>
      {props.classes.map((each) => (
        <ClassRow key={each.name} of={each} rate={props.rates?.get(each.name)} columns={columns} />
      ))}
    </Table>
  )
}

function ClassRow(props: { of: CacheClassView; rate: number | undefined; columns: string[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { of, rate, columns } = props
  const { name, reads, loads, waits, bypasses, failSafeServed } = of
  const [, ratio = '', memory = '', redis = '', load = '', wait = '', around = ''] = columns
  const hits = hitRatio(reads)
  const allLoads = loads.succeeded + loads.failed
  const allWaits = waits.answered + waits.gaveUp
  return (
    <Row>
      <RowHead>
        <code className="break-words font-semibold">{name}</code>
        {rate !== undefined && (
          <span className="block text-muted tabular-nums">
            {t('administration.caches.rate', { rate: format.rate(rate) })}
          </span>
        )}
      </RowHead>
      <Cell name={ratio} numeric>
        <span className="font-semibold">{hits === undefined ? '–' : format.share(hits)}</span>
      </Cell>
      <Cell name={memory} numeric>
        {format.number(reads.l1 + reads.joined)}
      </Cell>
      <Cell name={redis} numeric>
        {format.number(reads.redis)}
      </Cell>
      <Cell name={load} numeric>
        {allLoads === 0
          ? '0'
          : t('administration.caches.loadsText', {
              count: allLoads,
              time: format.milliseconds(loads.milliseconds / allLoads),
            })}
        {loads.failed > 0 && (
          <Trouble text={t('administration.caches.loadsFailed', { count: loads.failed })} />
        )}
        {loads.refused > 0 && (
          <Trouble text={t('administration.caches.loadsRefused', { count: loads.refused })} />
        )}
      </Cell>
      <Cell name={wait} numeric>
        {allWaits === 0
          ? '0'
          : t('administration.caches.waitsText', {
              count: allWaits,
              time: format.milliseconds(waits.milliseconds / allWaits),
            })}
        {waits.gaveUp > 0 && (
          <Trouble text={t('administration.caches.waitsGaveUp', { count: waits.gaveUp })} />
        )}
      </Cell>
      <Cell name={around} numeric>
        {format.number(bypasses)}
        {failSafeServed > 0 && (
          <Trouble text={t('administration.caches.failSafe', { count: failSafeServed })} />
        )}
      </Cell>
    </Row>
  )
}

function Trouble({ text }: { text: string }) {
  return (
    <span className="block text-danger">
      <TriangleAlert aria-hidden className="-mt-0.5 mr-1 inline size-3.5" />
      {text}
    </span>
  )
}
