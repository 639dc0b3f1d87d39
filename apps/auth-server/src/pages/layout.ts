import { type Html, html } from './html.ts'
import { type Language, languages } from './language.ts'
import { text } from './texts.ts'

/** A whole page: the mark, one card with one heading, and the languages. */
export function page(options: {
  language: Language
  title: string
  body: Html
  /** The form that changes the language, on the pages of an interaction. */
  languageForm?: { action: string; csrfToken: string }
  /** For lists, which need more room than a form. */
  wide?: boolean
}): string {
  const { language, title, body, languageForm, wide } = options
  return html`<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${title} · Alicerce</title>
  <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/tokens.css">
  <link rel="stylesheet" href="/assets/pages.css">
</head>
<body>
  <main class="card${wide ? ' wide' : ''}">
    <div class="brand"><img src="/assets/mark.svg" alt="" width="32" height="32"><span>Alicerce</span></div>
    <h1>${title}</h1>
    ${body}
  </main>
  ${languageForm ? languageSwitch(language, languageForm) : undefined}
</body>
</html>`.html
}

const names: Record<Language, string> = { en: 'English', 'pt-BR': 'Português' }

function languageSwitch(
  current: Language,
  { action, csrfToken }: { action: string; csrfToken: string },
): Html {
  const buttons = languages.map(
    (language) =>
      html`<button type="submit" name="language" value="${language}" lang="${language}" ${language === current ? html`aria-current="true"` : undefined}>${names[language]}</button>`,
  )
  return html`<form class="languages" method="post" action="${action}" aria-label="${text(current, 'language')}"><input type="hidden" name="csrf" value="${csrfToken}">${buttons}</form>`
}
