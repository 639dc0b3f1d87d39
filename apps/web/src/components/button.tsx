import clsx from 'clsx'
import type { ComponentProps } from 'react'
import { Link } from 'react-router'

type Look = { variant?: 'primary' | 'secondary' | 'ghost' | 'danger'; size?: 'normal' | 'small' }

const variants = {
  primary: 'bg-primary text-on-primary hover:bg-primary-hover shadow-soft',
  secondary: 'border border-line-strong/60 bg-surface hover:border-line-strong hover:bg-sunken',
  ghost: 'hover:bg-sunken',
  danger: 'bg-danger text-on-danger hover:bg-danger-hover',
}

function classesOf({ variant = 'primary', size = 'normal' }: Look, more?: string): string {
  return clsx(
    'inline-flex select-none items-center justify-center gap-2 rounded-md text-center font-medium transition-colors',
    'disabled:cursor-not-allowed disabled:opacity-55',
    size === 'small' ? 'min-h-9 px-3 text-sm' : 'min-h-11 px-4',
    variants[variant],
    more,
  )
}

/** A button; `type="button"` unless it says otherwise. */
export function Button({ variant, size, className, ...rest }: ComponentProps<'button'> & Look) {
  return (
    <button
      type="button"
      {...rest}
      className={classesOf({ ...(variant && { variant }), ...(size && { size }) }, className)}
    />
  )
}

/** A link to another page that looks like a button. */
export function ButtonLink({ variant, size, className, ...rest }: ComponentProps<typeof Link> & Look) {
  return (
    <Link
      {...rest}
      className={classesOf({ ...(variant && { variant }), ...(size && { size }) }, className)}
    />
  )
}
