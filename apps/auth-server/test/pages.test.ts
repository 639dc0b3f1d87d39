import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from './harness/browser.ts'
import { type Cluster, startCluster, webApp } from './harness/cluster.ts'
import { createParty } from './harness/party.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())

async function pagesOf(): Promise<Record<string, Page>> {
  const { browser, attempt, signIn, enter } = createParty(cluster)
  const form = await browser.open((await attempt()).url)
  const pages: Record<string, Page> = {
    'sign in': form,
    register: await browser.open(`${new URL(form.url).pathname}/register`),
    refused: await enter(form, 'customer@alicerce.test', 'not the password'),
    expired: await browser.open('/interaction/unknown'),
    error: await browser.open((await attempt({ client_id: 'nobody' })).url),
    'not found': await browser.open('/nowhere'),
  }
  const foreign = createParty(cluster, { client: 'foreign', redirect: 'https://other.example/callback' })
  pages.consent = await foreign.enter(await foreign.browser.open((await foreign.attempt()).url))
  await signIn()
  pages['sign out'] = await browser.open('/session/end')
  pages['signed out'] = await browser.submit(pages['sign out'], '/session/end/confirm', { logout: 'yes' })
  return pages
}

test('AS-14 AS-15 AS-16 sends security headers with every page, and loads nothing from elsewhere', async () => {
  for (const [name, { headers, text }] of Object.entries(await pagesOf())) {
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy, name).toContain("default-src 'none'")
    expect(policy, name).toContain("frame-ancestors 'none'")
    expect(policy, name).toContain("script-src 'self'")
    expect(headers.get('x-frame-options'), name).toBe('DENY')
    expect(headers.get('x-content-type-options'), name).toBe('nosniff')
    expect(headers.get('referrer-policy'), name).toBe('no-referrer')
    expect(headers.get('cache-control'), name).toContain('no-store')
    expect(text, name).not.toMatch(/(?:src|<link[^>]*href)="(?:https?:)?\/\//)
  }
})

test('every page has a language, a title of its own and one heading', async () => {
  const { 'not found': _, ...pages } = await pagesOf()
  const titles = Object.entries(pages).map(([name, { text }]) => {
    expect(text, name).toMatch(/^<!doctype html>\s*<html lang="en">/)
    expect(text.match(/<h1/g), name).toHaveLength(1)
    return /<title>(.+) · Alicerce<\/title>/.exec(text)?.[1]
  })
  expect(titles.every(Boolean)).toBe(true)
  expect(new Set(titles).size).toBeGreaterThanOrEqual(6)
})

test('speaks Portuguese by the browser, by the client and by choice', async () => {
  const { browser, attempt } = createParty(cluster)
  const byBrowser = await browser.open((await attempt()).url, {
    'accept-language': 'pt-BR,pt;q=0.9,en;q=0.5',
  })
  expect(byBrowser.text).toContain('<html lang="pt-BR">')
  const byClient = await browser.open((await attempt({ ui_locales: 'pt-BR' })).url)
  expect(byClient.text).toContain('Que bom ver você')
  const form = await browser.open((await attempt()).url)
  expect(form.text).toContain('Welcome back')
  const chosen = await browser.submit(form, '/language', { language: 'pt-BR' })
  expect(chosen.text).toContain('Que bom ver você')
  expect((await browser.open((await attempt({ client_id: 'nobody' })).url)).text).toContain(
    '<html lang="pt-BR">',
  )
})

test('a GET does not change the language', async () => {
  const { browser, attempt } = createParty(cluster)
  const form = await browser.open((await attempt()).url)
  await browser.open(`${new URL(form.url).pathname}/language`)
  expect([...browser.jar.keys()]).not.toContain('language /')
})

test.each(['sign-in', 'register', 'language'])(
  'AS-35 refuses the form %s without its token, and does nothing',
  async (action) => {
    const { browser, attempt } = createParty(cluster)
    const form = await browser.open((await attempt()).url)
    const fields = { email: 'nobody@example.com', name: 'Nobody', password: 'a long password' }
    for (const csrf of ['', 'wrong', '0'.repeat(43)]) {
      const page = await browser.post(`${new URL(form.url).pathname}/${action}`, { ...fields, csrf })
      expect([page.status, page.hops]).toEqual([400, []])
    }
    expect(await cluster.sql(`select from account where email = 'nobody@example.com'`)).toEqual([])
  },
)

test('AS-39 the back button, a reload, another browser and a replay lead to a page that helps', async () => {
  const { browser, attempt, enter } = createParty(cluster)
  const form = await browser.open((await attempt()).url)
  const path = new URL(form.url).pathname
  expect((await browser.open(path)).status).toBe(200)
  const stranger = createParty(cluster).browser
  const stolen = await stranger.open(path)
  expect(stolen.status).toBe(400)
  expect(stolen.text).toContain(`href="${webApp}"`)
  await enter(form)
  for (const page of [await browser.open(path), await enter(form)]) {
    expect(page.status).toBe(400)
    expect(page.text).toContain('This page is out of date')
  }
  expect((await browser.open('/auth/replayed-resume')).status).toBe(400)
})

test.each([
  ['too much', 'application/x-www-form-urlencoded', 'x'.repeat(20_000)],
  ['no form', 'application/json', '{}'],
])('answers %s with 400', async (_, type, body) => {
  const { browser, attempt } = createParty(cluster)
  const form = await browser.open((await attempt()).url)
  const cookie = [...browser.jar].map(([name, { value }]) => `${name.split(' ')[0]}=${value}`).join('; ')
  const response = await fetch(`${new URL(form.url).href}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': type, cookie },
    body,
  })
  expect(response.status).toBe(400)
})

test('escapes what was typed', async () => {
  const { browser, attempt } = createParty(cluster)
  const form = await browser.open((await attempt()).url)
  const page = await browser.submit(form, '/sign-in', { email: '"><script>alert(1)</script>', password: 'x' })
  expect(page.text).not.toContain('<script>')
})

test('signs in with one button for each demo account', async () => {
  const { browser, attempt } = createParty(cluster)
  const form = await browser.open((await attempt()).url)
  const page = await browser.submit(form, '/sign-in', { demo: 'admin@alicerce.test' })
  expect(page.location?.searchParams.get('code')).toBeTruthy()
})

test('serves what the pages load', async () => {
  for (const name of ['tokens.css', 'pages.css', 'mark.svg', 'sign-out.js', 'passkey.js', 'inter.woff2'])
    expect((await fetch(`${cluster.issuer}/assets/${name}`)).status, name).toBe(200)
})
