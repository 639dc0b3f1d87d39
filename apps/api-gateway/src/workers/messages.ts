import type { WorkerFigures } from '#src/gateway-view/worker-figures.ts'

/** What a worker says to its primary. A socket that it has opened goes along with `socket-opened`. */
export type WorkerMessage =
  | { readonly kind: 'socket-wanted'; readonly address: string }
  | { readonly kind: 'socket-opened'; readonly address: string }
  | { readonly kind: 'ready'; readonly adminUrl: string }
  /** It was told to end, and asks whether somebody has taken its place. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'figures-wanted' }

/** What the primary says to a worker. A socket that it holds goes along with `socket`. */
export type PrimaryMessage =
  | { readonly kind: 'socket'; readonly address: string }
  | { readonly kind: 'socket-held'; readonly address: string }
  | { readonly kind: 'leave' }
  | { readonly kind: 'figures'; readonly figures: readonly WorkerFigures[] }
