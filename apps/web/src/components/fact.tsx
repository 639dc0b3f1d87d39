import type { ReactNode } from 'react'

/** A name and its value; stands in a `dl`. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{name}</dt>
      <dd className="whitespace-pre-wrap break-words">{children}</dd>
    </div>
  )
}
