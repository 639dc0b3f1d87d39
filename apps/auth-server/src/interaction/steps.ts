import type { Context } from 'koa'
import type { Provider } from 'oidc-provider'
import type { FormOptions } from '#src/pages/form.ts'

/** What the provider asks of a person before it answers a client. */
export type PromptName = 'login' | 'consent'

/** One request of an interaction that is under way. */
export type InteractionRequest = {
  provider: Provider
  context: Context
  details: Awaited<ReturnType<Provider['interactionDetails']>>
  /** The sent form; empty for a GET. */
  form: URLSearchParams
  options: FormOptions
  address: string
}

/** One page of an interaction, at `/interaction/:uid/<name>`: what it shows, and what its form does. */
export type Step = {
  /** At another prompt the step does not exist, and the first step of that prompt is shown. */
  prompt: PromptName
  /** The page; `undefined` where the answer is given already. Without it the first step of the prompt is shown. */
  show?(request: InteractionRequest): string | undefined | Promise<string | undefined>
  /** Answers the form: with a page in `context.body`, or by finishing the interaction. */
  submit?(request: InteractionRequest): Promise<void>
}

/** Steps by the last part of their address. */
export type Steps = Record<string, Step>

/** The step that a prompt begins with. */
export const firstSteps: Record<PromptName, string> = { login: 'sign-in', consent: 'consent' }
