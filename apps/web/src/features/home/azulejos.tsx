/** A wall of tiles: the same one turned four ways makes the flower and the star. Drawn here, so that it takes the colours of the theme. */
export function Azulejos({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" className={className} preserveAspectRatio="xMidYMid slice" viewBox="0 0 480 480">
      <defs>
        <g id="tile">
          <rect width="60" height="60" className="fill-surface" />
          <path d="M0 0h60v60z" className="fill-primary-soft" />
          <path d="M0 60C0 27 27 0 60 0 46 14 40 26 38 38 26 40 14 46 0 60z" className="fill-primary" />
          <path d="M14 46C19 33 28 25 40 20 36 28 34 32 33 33 29 35 22 39 14 46z" className="fill-surface" />
          <circle cx="60" cy="60" r="15" className="fill-accent" />
          <circle cx="60" cy="60" r="8.5" className="fill-surface" />
          <path d="M0 0h16A16 16 0 0 1 0 16z" className="fill-primary opacity-75" />
          <path d="M0 0h60v60H0z" fill="none" strokeWidth="0.75" className="stroke-line" />
        </g>
        <pattern id="wall" width="120" height="120" patternUnits="userSpaceOnUse">
          <use href="#tile" />
          <use href="#tile" transform="matrix(-1 0 0 1 120 0)" />
          <use href="#tile" transform="matrix(1 0 0 -1 0 120)" />
          <use href="#tile" transform="matrix(-1 0 0 -1 120 120)" />
        </pattern>
      </defs>
      <rect width="480" height="480" fill="url(#wall)" />
    </svg>
  )
}
