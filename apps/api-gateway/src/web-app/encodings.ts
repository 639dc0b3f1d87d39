/** How the bytes of a file can be coded. */
export type Encoding = 'br' | 'gzip' | 'identity'

/** The first of the offered encodings that `Accept-Encoding` takes (RFC 9110 §12.5.3); a weight of 0 refuses one. */
export function preferredEncoding(header: string | undefined, offered: readonly Encoding[]): Encoding {
  const accepted = new Map(
    (header ?? '').split(',').map((part) => {
      const [coding = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
      return [coding, !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))] as const
    }),
  )
  const takes = (name: Encoding) => accepted.get(name) ?? accepted.get('*') ?? false
  return offered.find((name) => name !== 'identity' && takes(name)) ?? 'identity'
}
