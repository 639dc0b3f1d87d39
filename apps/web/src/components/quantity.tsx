import { Minus, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** How many: two buttons and the number between them. */
export function Quantity(props: {
  label: string
  value: number
  maximum: number
  onChange: (value: number) => void
}) {
  const { label, value, maximum, onChange } = props
  const { t } = useTranslation()
  const button =
    'grid size-11 place-items-center rounded-md hover:bg-sunken disabled:cursor-not-allowed disabled:opacity-40'
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one line in every browser
    <div
      role="group"
      aria-label={label}
      className="inline-flex items-center rounded-md border border-line-strong/60 bg-surface"
    >
      <button
        type="button"
        className={button}
        aria-label={t('catalogue.less')}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <Minus aria-hidden className="size-4" />
      </button>
      <output className="min-w-8 text-center tabular-nums">{value}</output>
      <button
        type="button"
        className={button}
        aria-label={t('catalogue.moreOne')}
        disabled={value >= maximum}
        onClick={() => onChange(value + 1)}
      >
        <Plus aria-hidden className="size-4" />
      </button>
    </div>
  )
}
