/** An app that listens. */
export type RunningApp = {
  readonly name: string
  /** Where it listens, such as `http://127.0.0.1:8091`. */
  readonly url: string
  /** Where its health and metrics are. */
  readonly adminUrl: string
  /** Stops gracefully: requests at work end first. Resolves when everything is closed. */
  close(): Promise<void>
}
