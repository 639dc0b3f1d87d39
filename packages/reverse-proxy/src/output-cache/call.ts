import type { ServerResponse } from 'node:http'
import type { AnswerWriter } from '#src/answer-writer.ts'
import type { Refusal } from '#src/exchange.ts'
import type { RoutedExchange } from '#src/upstream-request.ts'
import type { Asked } from './asked.ts'

/** Where an exchange's answer goes. */
export type Outlet<Writer> = {
  readonly response: Writer
  /** Headers for the client, made of the service's. */
  finishHeaders(exchange: RoutedExchange, headers: string[], status: number): string[]
  refuse(refusal: Refusal): void
  /** Called once, when the exchange is over. */
  done(): void
  /** Takes the header that ties a client to its destination out of the answer: it is that one client's. */
  takeTie?(tie: Tie): void
}

/** The header that ties a client to its destination, if any. */
export type Tie = readonly [name: string, value: string] | undefined

/** Takes an exchange to its service. */
export type Forward = (exchange: RoutedExchange, outlet: Outlet<AnswerWriter>) => void

/** A client's request for something that may be stored. */
export type Call = {
  readonly exchange: RoutedExchange
  readonly outlet: Outlet<ServerResponse>
  readonly forward: Forward
  readonly asked: Asked
}
