import { STATUS_CODES } from 'node:http'

/** The text of an answer up to its body, or of one before the answer: names and values in turn. Write it as latin1. */
export function headText(status: number, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`
  for (let index = 0; index < headers.length; index += 2)
    text += `\r\n${headers[index]}: ${headers[index + 1]}`
  return `${text}\r\n\r\n`
}
