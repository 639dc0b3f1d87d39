import { ArrowLeft } from 'lucide-react'
import { Link } from 'react-router'

/** From one thing back to the list it is in. */
export function BackLink({ to, text }: { to: string; text: string }) {
  return (
    <Link
      to={to}
      className="mb-4 inline-flex min-h-10 items-center gap-1.5 text-muted text-sm hover:text-ink hover:underline"
    >
      <ArrowLeft aria-hidden className="size-4" /> {text}
    </Link>
  )
}
