import clsx from 'clsx'
import { ChevronDown, Search } from 'lucide-react'
import { type ComponentProps, type ReactNode, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

type FieldFrame = {
  label: string
  hint?: string
  error?: string | undefined
  optional?: boolean
  className?: string
}

function Frame(props: FieldFrame & { id: string; children: ReactNode }) {
  const { t } = useTranslation()
  const { id, label, hint, error, optional, className, children } = props
  return (
    <div className={clsx('grid content-start gap-1.5', className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label} {optional && <span className="font-normal text-muted">({t('common.optional')})</span>}
      </label>
      {children}
      {hint && !error && (
        <p id={`${id}-hint`} className="text-muted text-sm">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-danger text-sm">
          {error}
        </p>
      )}
    </div>
  )
}

const describedBy = (id: string, { hint, error }: FieldFrame) =>
  error ? `${id}-error` : hint ? `${id}-hint` : undefined

/** A text field with its label; an error stands on it and is read with it. */
export function TextField({
  label,
  hint,
  error,
  optional,
  className,
  ...input
}: ComponentProps<'input'> & FieldFrame) {
  const id = useId()
  const frame = {
    label,
    error,
    ...(hint && { hint }),
    ...(optional && { optional }),
    ...(className && { className }),
  }
  return (
    <Frame id={id} {...frame}>
      <input
        id={id}
        {...input}
        className="field"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, frame)}
      />
    </Frame>
  )
}

/** A text field of several lines. */
export function TextArea({
  label,
  hint,
  error,
  optional,
  className,
  ...area
}: ComponentProps<'textarea'> & FieldFrame) {
  const id = useId()
  const frame = {
    label,
    error,
    ...(hint && { hint }),
    ...(optional && { optional }),
    ...(className && { className }),
  }
  return (
    <Frame id={id} {...frame}>
      <textarea
        id={id}
        rows={3}
        {...area}
        className="field resize-y"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, frame)}
      />
    </Frame>
  )
}

/** A choice of one among few, by the browser's own list: it works with every keyboard, phone and reader. */
export function SelectField({
  label,
  error,
  hint,
  className,
  children,
  ...select
}: ComponentProps<'select'> & FieldFrame) {
  const id = useId()
  const frame = { label, error, ...(hint && { hint }), ...(className && { className }) }
  return (
    <Frame id={id} {...frame}>
      <div className="relative">
        <select
          id={id}
          {...select}
          className="field appearance-none pr-9"
          aria-describedby={describedBy(id, frame)}
        >
          {children}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute top-3.5 right-3 size-4 text-muted" />
      </div>
    </Frame>
  )
}

/** A text field that reports what was typed once the typing pauses. */
export function FilterField({
  value,
  onFilter,
  ...field
}: Omit<ComponentProps<typeof TextField>, 'value'> & { value: string; onFilter: (value: string) => void }) {
  const [typed, setTyped] = useTyped(value, onFilter)
  return <TextField {...field} value={typed} onChange={(event) => setTyped(event.target.value)} />
}

/** What is being typed, told once the typing pauses. */
function useTyped(value: string, onPause: (value: string) => void) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => onPause(typed.trim()), 300)
    return () => clearTimeout(timer)
  }, [typed, value, onPause])
  return [typed, setTyped] as const
}

/** A search field that reports what was typed once the typing pauses. */
export function SearchField(props: {
  label: string
  placeholder: string
  value: string
  onSearch: (value: string) => void
}) {
  const { label, placeholder, value, onSearch } = props
  const [typed, setTyped] = useTyped(value, onSearch)
  return (
    <search className="relative block w-full">
      <Search aria-hidden className="pointer-events-none absolute top-3.5 left-3 size-4 text-muted" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="field pl-9"
      />
    </search>
  )
}
