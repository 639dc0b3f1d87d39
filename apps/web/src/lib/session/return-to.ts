/**
 * The path to come back to after signing in, or `/` for whatever is not a path of this origin: `//evil`, `https:`, `javascript:` and
 * their disguises (backslashes, control characters) lead nowhere else (RFC 9700 §4.11.1).
 */
export function safeReturnTo(target: string | null | undefined, origin: string): string {
  if (!target?.startsWith('/') || /^\/[/\\]/.test(target) || hasControlCharacter(target)) return '/'
  const url = URL.parse(target, origin)
  if (!url || url.origin !== origin || url.pathname.startsWith('//')) return '/'
  // Coming back to the callback would be a circle.
  if (url.pathname.startsWith('/auth/') || url.pathname === '/signed-out') return '/'
  return url.pathname + url.search + url.hash
}

const hasControlCharacter = (text: string) =>
  [...text].some((character) => character < ' ' || character === '\u007f')
