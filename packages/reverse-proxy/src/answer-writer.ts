/** Where an answer is written: a client's `ServerResponse`, or what stands for several. */
export type AnswerWriter = {
  sendDate: boolean
  readonly writableEnded: boolean
  readonly destroyed: boolean
  writeHead(status: number, message: string, headers: string[]): unknown
  flushHeaders(): void
  /** `false` asks for a pause until `drain`. */
  write(chunk: Buffer): boolean
  addTrailers(trailers: [string, string][]): void
  end(body?: Buffer): unknown
  destroy(): unknown
  /** `close`: nobody wants the answer any longer. */
  on(event: 'drain' | 'close', listener: () => void): unknown
}
