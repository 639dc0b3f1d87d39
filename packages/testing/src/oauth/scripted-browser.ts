/** A page, or a redirect that leaves the server. */
export type Page = {
  url: string
  status: number
  headers: Headers
  text: string
  /** Where a redirect out of the server leads; nobody follows it. */
  location?: URL
  /** The path and status of each redirect on the way. */
  hops: { path: string; status: number; location: string }[]
}

/** A browser without script: cookies, redirects within the server, forms. `server` may change between requests: one more instance. */
export function createScriptedBrowser(server: () => string, issuer: string) {
  const jar = new Map<string, { value: string; path: string }>()

  function keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/; */)
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      const attribute = (wanted: string) =>
        attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1)
      const expires = attribute('expires')
      const path = attribute('path') ?? '/'
      if (value === '' || (expires && Date.parse(expires) < Date.now())) jar.delete(`${name} ${path}`)
      else jar.set(`${name} ${path}`, { value, path })
    }
  }

  function cookieHeader(path: string): string {
    const fitting = [...jar].filter(([, cookie]) => cookie.path === '/' || path.startsWith(cookie.path))
    return fitting.map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; ')
  }

  async function request(address: string, init: RequestInit = {}, hops: Page['hops'] = []): Promise<Page> {
    const url = new URL(address, issuer)
    const target = new URL(`${url.pathname}${url.search}`, server())
    const headers = {
      accept: 'text/html',
      'accept-language': 'en',
      ...(init.headers as Record<string, string>),
    }
    const response = await fetch(target, {
      ...init,
      redirect: 'manual',
      headers: { ...headers, cookie: cookieHeader(url.pathname) },
    })
    keep(response.headers)
    const location = response.headers.get('location')
    const text = await response.text()
    const page = { url: url.href, status: response.status, headers: response.headers, text, hops }
    if (!location) return page
    const next = new URL(location, url)
    const hop = { path: url.pathname, status: response.status, location }
    const own = next.hostname === '127.0.0.1' || next.origin === new URL(issuer).origin
    if (!own) return { ...page, location: next, hops: [...hops, hop] }
    return request(`${next.pathname}${next.search}`, { headers }, [...hops, hop])
  }

  return {
    /** The cookies, by name and path. */
    jar,
    open: (address: string, headers: Record<string, string> = {}) => request(address, { headers }),
    post: (address: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      request(address, { method: 'POST', body: new URLSearchParams(fields), headers }),
    /** Sends the form whose action ends so, with its hidden fields and these. */
    submit(page: Page, action: string, fields: Record<string, string> = {}): Promise<Page> {
      const form = formsOf(page.text).find((each) => each.action.endsWith(action))
      if (!form) throw new Error(`No form ${action} on ${page.url} (${page.status}):\n${page.text}`)
      return this.post(new URL(form.action, page.url).href, { ...form.hidden, ...fields })
    },
  }
}

/** The forms of a page: where each goes, and its hidden fields. */
export function formsOf(text: string): { action: string; hidden: Record<string, string> }[] {
  return [...text.matchAll(/<form[^>]*\saction="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].map((match) => ({
    action: unescaped(match[1] as string),
    hidden: Object.fromEntries(
      [...(match[2] as string).matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
        /name="([^"]*)"/.exec(input)?.[1] ?? '',
        unescaped(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
      ]),
    ),
  }))
}

const unescaped = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&')
