const text = '("(?:\\\\.|[^"\\\\])*")'
const comments = new RegExp(`${text}|//[^\\n]*|/\\*[^]*?\\*/`, 'g')
const commasAtTheEnd = new RegExp(`${text}|(?<![[{]\\s*),(?=\\s*[}\\]])`, 'g')

const byteOrderMark = /^\uFEFF/

/**
 * Reads JSON as .NET reads configuration: comments and a comma behind the last member are allowed.
 * @throws {SyntaxError} for anything else that is not JSON
 */
export function parseRelaxedJson(source: string): unknown {
  // Blanks keep each line and column where it is, for what is said of faults.
  const keepTexts = (match: string, kept?: string) => kept ?? match.replace(/[^\n]/g, ' ')
  return JSON.parse(
    source.replace(byteOrderMark, '').replace(comments, keepTexts).replace(commasAtTheEnd, keepTexts),
  )
}
