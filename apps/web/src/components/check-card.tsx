import type { ComponentProps } from 'react'

/** A box to tick, with a word for it and a sentence about it. */
export function CheckCard({
  label,
  text,
  ...input
}: ComponentProps<'input'> & { label: string; text: string }) {
  return (
    <label className="flex cursor-pointer items-center gap-3 rounded-md border border-line p-3 hover:border-line-strong has-checked:border-primary has-checked:bg-primary-soft has-disabled:cursor-not-allowed has-checked:text-on-primary-soft">
      <input type="checkbox" className="size-4.5 shrink-0 accent-primary" {...input} />
      <span className="min-w-0">
        <span className="block break-words font-medium">{label}</span>
        <span className="block text-sm">{text}</span>
      </span>
    </label>
  )
}
