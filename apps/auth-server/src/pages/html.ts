/** HTML that is safe to send. Made by {@link html} only. */
export type Html = { readonly html: string }

type Part = Html | string | number | false | undefined | readonly Part[]

/** Markup with values in it: every text is escaped; only what `html` itself made goes in as it is. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  return {
    html: strings.map((text, index) => text + (index < values.length ? render(values[index]) : '')).join(''),
  }
}

/** Markup that somebody else made and vouches for, such as the provider's own form. */
export const trusted = (markup: string): Html => ({ html: markup })

function render(part: Part): string {
  if (part === undefined || part === false) return ''
  if (Array.isArray(part)) return part.map(render).join('')
  if (typeof part === 'object') return (part as Html).html
  return String(part).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
