import type { Bucket } from '../history/histogram.ts'

/** Bars are logarithmic: one stale read in a million must be seen. */
const heightOf = (reads: number, full: number): number => (reads === 0 ? 0 : (1 + Math.log10(reads)) * full)

const widest = 40
/** Up to a hundred million reads. */
const textUnit = widest / 9

/** A histogram for a terminal. */
export function textPicture(buckets: readonly Bucket[]): string {
  return buckets
    .map(({ label, reads }) => {
      const bar = '█'.repeat(Math.ceil(heightOf(reads, textUnit)))
      return `  ${label.padStart(12)}  ${bar.padEnd(widest)} ${reads.toLocaleString('en')}`
    })
    .join('\n')
}

const bar = { width: 52, gap: 10, unit: 22 }
const picture = { left: 20, top: 84, bars: 9 * bar.unit, bottom: 40 }

/** What a picture tells. */
type Pictured = {
  histogram: readonly Bucket[]
  reads: number
  writes: number
  faults: Record<string, number>
  boundMilliseconds: number
  largestStalenessMilliseconds: number
}

/** The same for a page, with what it is about. */
export function svgPicture({ histogram: buckets, boundMilliseconds: bound, ...trial }: Pictured): string {
  const struck = Object.values(trial.faults).reduce((sum, count) => sum + count, 0)
  const about = `${trial.reads.toLocaleString('en')} reads, ${trial.writes.toLocaleString('en')} writes, ${struck} faults of ${Object.keys(trial.faults).length} kinds: the oldest read was ${Math.round(trial.largestStalenessMilliseconds).toLocaleString('en')} ms stale, ${bound.toLocaleString('en')} ms are allowed`
  const width = 2 * picture.left + buckets.length * (bar.width + bar.gap)
  const height = picture.top + picture.bars + picture.bottom
  const base = picture.top + picture.bars
  const bars = buckets.map(({ label, reads }, index) => {
    const x = picture.left + index * (bar.width + bar.gap)
    const tall = heightOf(reads, bar.unit)
    const middle = x + bar.width / 2
    return `<rect x="${x}" y="${base - tall}" width="${bar.width}" height="${tall}" fill="${index === 0 ? '#2f9e6e' : '#3b6fb6'}"/>
<text x="${middle}" y="${base - tall - 6}" text-anchor="middle">${reads.toLocaleString('en')}</text>
<text x="${middle}" y="${base + 16}" text-anchor="middle">${label}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="10" fill="#333">
<title>How stale reads were under faults: ${about}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${picture.left}" y="24" font-size="14">How long ago a newer version had been committed when a read began (logarithmic)</text>
<text x="${picture.left}" y="42" font-size="11" fill="#555">${about}</text>
${bars.join('\n')}
</svg>
`
}
