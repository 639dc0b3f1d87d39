/** The mark of Alicerce: courses of stone, the last one of fired clay. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect x="3" y="22" width="26" height="7" rx="1.5" className="fill-primary" />
      <rect x="6.5" y="13" width="19" height="7" rx="1.5" className="fill-primary opacity-70" />
      <rect x="11" y="4" width="10" height="7" rx="1.5" className="fill-accent" />
    </svg>
  )
}
