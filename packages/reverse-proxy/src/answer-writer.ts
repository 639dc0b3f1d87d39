/** Where an answer is written: a client's `ServerResponse`, or what stands for several. */
export type AnswerWriter = {
  sendDate: boolean
  readonly writableEnded: boolean
  readonly destroyed: boolean
  /** Asks the client for its body: 100 Continue (RFC 9110 §15.2.1). Whoever has no body to give has none to ask for. */
  writeContinue?(): void
  /** Sends an answer before the answer: names in lower case and values in turn. */
  writeInformation?(status: number, headers: string[]): void
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
