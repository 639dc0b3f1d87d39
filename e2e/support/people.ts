import { randomUUID } from 'node:crypto'
import { expect, type Page } from '@playwright/test'
import { mailedCode } from './mails.ts'
import { target } from './target.ts'

/** Someone with an account. */
export type Person = { email: string; password: string; name: string }

const demo = (email: string, name: string): Person => ({ email, password: 'alicerce-demo', name })

export const customer = demo('customer@alicerce.test', 'Clara Costa')
export const supportAgent = demo('support@alicerce.test', 'Simão Silva')
export const administrator = demo('admin@alicerce.test', 'Ana Almeida')

/** Signs in through the real pages: the app's button, the auth server's form, and back. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await fillSignIn(page, person)
  await expectSignedIn(page)
}

/** Fills the auth server's sign-in page, wherever the app has led to it. */
export async function fillSignIn(page: Page, person: Person): Promise<void> {
  await page.waitForURL(`${target.issuer}/**`)
  await page.locator('#email').fill(person.email)
  await page.locator('#password').fill(person.password)
  await page.locator('#submit').click()
}

/** Registers somebody new, so that a test has a customer of its own, and signs in. */
export async function register(page: Page): Promise<Person> {
  const id = randomUUID()
  const person = { email: `${id}@alicerce.test`, password: randomUUID(), name: `Rita ${id.slice(0, 8)}` }
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${target.issuer}/**`)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.locator('#name').fill(person.name)
  await page.locator('#email').fill(person.email)
  await page.locator('#password').fill(person.password)
  await page.locator('#submit').click()
  await page.locator('#code').fill(await mailedCode(person.email))
  await page.locator('#submit').click()
  await expectSignedIn(page)
  return person
}

export async function expectSignedIn(page: Page): Promise<void> {
  await page.waitForURL(`${target.webApp}/**`)
  await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible()
}

export async function expectSignedOut(page: Page): Promise<void> {
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sign in' })).toBeVisible()
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL(`${target.webApp}/signed-out`)
}
