import type { ServerResponse } from 'node:http'
import type { Refusal, Routed } from '#src/exchange.ts'
import type { AnswerWriter } from '#src/forward-exchange.ts'
import type { Asked } from './asked.ts'

/** Where an exchange's answer goes. */
export type Outlet<Writer> = {
  readonly response: Writer
  /** Headers for the client, made of the service's. */
  finishHeaders(exchange: Routed, headers: string[], status: number): string[]
  refuse(refusal: Refusal): void
  /** Called once, when the exchange is over. */
  done(): void
  /** Takes the header that ties a client to its destination out of the answer: it is that one client's. */
  takeTie?(tie: Tie): undefined
}

/** The header that ties a client to its destination, if any. */
export type Tie = readonly [name: string, value: string] | undefined

/** Takes an exchange to its service. */
export type Forward = (exchange: Routed, outlet: Outlet<AnswerWriter>) => void

/** A client's request for something that may be stored. */
export type Call = {
  readonly exchange: Routed
  readonly outlet: Outlet<ServerResponse>
  readonly forward: Forward
  readonly asked: Asked
}
