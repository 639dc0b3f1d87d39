/**
 * The elements of a list in a header. The separator does not count within quotes (RFC 9110 §5.6.1, §5.6.4). Letter by letter: an expression that looks for the end of a quote
 * takes long where a client never writes it.
 */
export function elementsOf(line: string, separator: string): string[] {
  const elements: string[] = []
  let [start, isQuoted] = [0, false]
  for (let at = 0; at < line.length; at++) {
    const letter = line[at]
    if (letter === '"') isQuoted = !isQuoted
    else if (letter === '\\' && isQuoted) at++
    else if (letter === separator && !isQuoted) {
      elements.push(line.slice(start, at).trim())
      start = at + 1
    }
  }
  elements.push(line.slice(start).trim())
  return elements
}
