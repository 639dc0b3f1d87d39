import clsx from 'clsx'
import { Menu, ShoppingBag, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink, useLocation } from 'react-router'
import { Mark } from '../components/mark.tsx'
import { countOf, useCart } from '../lib/cart.ts'
import { usePerson } from '../lib/person.ts'
import { AccountMenu } from './account-menu.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import { SignInButton } from './sign-in-button.tsx'

/** Name, navigation, cart and account. On small screens the navigation folds into a button. */
export function Header() {
  const { t } = useTranslation()
  const { status } = usePerson()
  const links = useLinks()
  const { pathname } = useLocation()
  const [open, setOpen] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setOpen(false), [pathname])
  const MenuIcon = open ? X : Menu
  return (
    <header className="sticky top-0 z-40 border-line border-b bg-background/90 backdrop-blur-md">
      <div className="page flex min-h-16 items-center gap-1 sm:gap-2">
        <button
          type="button"
          aria-expanded={open}
          aria-controls="small-navigation"
          aria-label={t('navigation.menu')}
          onClick={() => setOpen(!open)}
          className="-ml-2 grid size-11 shrink-0 place-items-center rounded-md hover:bg-sunken lg:hidden"
        >
          <MenuIcon aria-hidden className="size-5" />
        </button>
        <Link
          to="/"
          className="flex items-center gap-2.5 rounded-md py-2 pr-2 font-semibold text-lg tracking-tight"
        >
          <Mark className="size-7 shrink-0" />
          <span className="max-[23rem]:sr-only">{t('app.name')}</span>
        </Link>
        <nav aria-label={t('navigation.main')} className="mx-4 hidden flex-1 items-center gap-1 lg:flex">
          {links.map((link) => (
            <HeaderLink key={link.to} {...link} />
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-1">
          <SettingsMenu />
          <CartLink />
          {status === 'signed-out' ? (
            <SignInButton size="small" />
          ) : status === 'signed-in' ? (
            <AccountMenu />
          ) : (
            <span aria-hidden className="skeleton size-9 rounded-full" />
          )}
        </div>
      </div>
      {open && (
        <nav
          id="small-navigation"
          aria-label={t('navigation.main')}
          className="page grid gap-1 border-line border-t py-3 lg:hidden"
        >
          {links.map((link) => (
            <HeaderLink key={link.to} {...link} />
          ))}
        </nav>
      )}
    </header>
  )
}

function useLinks(): { to: string; text: string }[] {
  const { t } = useTranslation()
  const { status, may } = usePerson()
  return [
    { to: '/shop', text: t('navigation.shop') },
    ...(status === 'signed-in' ? [{ to: '/orders', text: t('navigation.orders') }] : []),
    ...(may('orders:all') ? [{ to: '/staff/orders', text: t('navigation.fulfilment') }] : []),
    ...(may('administration') ? [{ to: '/administration', text: t('navigation.administration') }] : []),
    { to: '/how-it-works', text: t('navigation.howItWorks') },
  ]
}

function HeaderLink({ to, text }: { to: string; text: string }) {
  return (
    <NavLink
      to={to}
      className={({ isActive }) =>
        clsx(
          'flex min-h-10 items-center rounded-md px-3 font-medium text-sm transition-colors hover:bg-sunken',
          isActive ? 'bg-primary-soft text-on-primary-soft' : 'text-muted hover:text-ink',
        )
      }
    >
      {text}
    </NavLink>
  )
}

function CartLink() {
  const { t } = useTranslation()
  const count = countOf(useCart(({ lines }) => lines))
  return (
    <Link
      to="/cart"
      aria-label={count === 0 ? t('navigation.cart') : t('navigation.cartCount', { count })}
      className="relative grid size-11 place-items-center rounded-md hover:bg-sunken"
    >
      <ShoppingBag aria-hidden className="size-5" />
      {count > 0 && (
        <span
          aria-hidden
          key={count}
          className="absolute top-0.5 right-0 grid h-5 min-w-5 animate-[rise_200ms_ease-out] place-items-center rounded-full bg-accent px-1 font-semibold text-[0.6875rem] text-background tabular-nums"
        >
          {count}
        </span>
      )}
    </Link>
  )
}
