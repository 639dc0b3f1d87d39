import { valuesOf } from '#src/edge/header-names.ts'

const lengthForm = /^\d{1,16}$/

/**
 * What is wrong with how an answer is framed; `undefined` where nothing is. An answer that two parsers could end in different places would
 * give one client the bytes of another's (RFC 9112 §6.3). Whatever client an answer came by, it passes here.
 */
export function responseFault(status: number, rawHeaders: readonly string[]): string | undefined {
  if (status < 100 || status === 101) return `has a status that nobody asked for (${status})`
  const lengths = valuesOf(rawHeaders, 'content-length')
  const codings = valuesOf(rawHeaders, 'transfer-encoding')
  if (lengths.length + codings.length > 1) return 'says its length more than once'
  const [length = '0'] = lengths
  if (!lengthForm.test(length) || !Number.isSafeInteger(Number(length)))
    return 'has a length that is no number'
  if (codings.length > 0 && codings[0]?.toLowerCase() !== 'chunked') return 'has a coding that is not chunked'
  return undefined
}
