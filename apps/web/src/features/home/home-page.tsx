import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ArrowRight, Boxes, DatabaseZap, Fingerprint, type LucideIcon, Waypoints } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ButtonLink } from '../../components/button.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { useTitle } from '../../components/page.tsx'
import { ProductGrid } from '../../components/product-card.tsx'
import { categoriesQuery, productsQuery } from '../../lib/catalogue.ts'
import { useFormat } from '../../lib/i18n/format.ts'
import { Azulejos } from './azulejos.tsx'

/** The first page: a shop one wants to enter, and what it stands on. */
export default function HomePage() {
  const { t } = useTranslation()
  useTitle(t('navigation.home'))
  return (
    <>
      <Hero />
      <div className="page">
        <Newest />
        <Shelves />
        <Foundation />
      </div>
    </>
  )
}

function Hero() {
  const { t } = useTranslation()
  return (
    <section className="relative overflow-hidden border-line border-b">
      <div className="page grid items-center gap-10 py-14 sm:py-20 lg:grid-cols-[1.15fr_1fr] lg:gap-16">
        <div>
          <p className="mb-4 font-medium text-accent text-sm">{t('app.tagline')}</p>
          <h1
            tabIndex={-1}
            className="break-words font-semibold text-[clamp(2rem,6.5vw,3.75rem)] leading-[1.06] tracking-tight"
          >
            {t('home.title')}
          </h1>
          <p className="mt-6 max-w-xl text-lg text-muted">{t('home.lead')}</p>
          <div className="mt-8 flex flex-wrap gap-3">
            <ButtonLink to="/shop">
              {t('home.browse')} <ArrowRight aria-hidden className="size-4" />
            </ButtonLink>
            <ButtonLink to="/how-it-works" variant="secondary">
              {t('home.seeHow')}
            </ButtonLink>
          </div>
        </div>
        <Azulejos className="aspect-[16/10] w-full rounded-lg border border-line shadow-lifted lg:aspect-square" />
      </div>
    </section>
  )
}

function Section({
  title,
  lead,
  link,
  children,
}: {
  title: string
  lead?: string
  link?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="mt-16 sm:mt-20">
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div>
          <h2 className="font-semibold text-2xl">{title}</h2>
          {lead && <p className="mt-1 text-muted">{lead}</p>}
        </div>
        {link}
      </div>
      {children}
    </section>
  )
}

function Newest() {
  const { t } = useTranslation()
  const { locale } = useFormat()
  const { data, isPending, error, refetch } = useInfiniteQuery(
    productsQuery({ sort: 'newest', limit: 4, locale }),
  )
  const link = (
    <Link
      to="/shop?sort=newest"
      className="inline-flex min-h-10 items-center gap-1.5 font-medium text-primary hover:underline"
    >
      {t('home.newestAll')} <ArrowRight aria-hidden className="size-4" />
    </Link>
  )
  return (
    <Section title={t('home.newest')} link={link}>
      {error ? (
        <ProblemNotice error={error} onRetry={refetch} />
      ) : (
        <ProductGrid products={data?.pages[0]?.items ?? []} isPending={isPending} count={4} />
      )}
    </Section>
  )
}

function Shelves() {
  const { t } = useTranslation()
  const format = useFormat()
  const { data = [] } = useQuery(categoriesQuery)
  return (
    <Section title={t('home.shelves')}>
      <ul className="grid grid-cols-1 gap-3 min-[26rem]:grid-cols-2 lg:grid-cols-4">
        {data.map(({ id, name, productCount }) => (
          <li key={id}>
            <Link
              to={`/shop?category=${id}`}
              className="card group flex h-full items-center justify-between gap-3 px-4 py-4 transition-colors hover:border-primary"
            >
              <span className="font-medium group-hover:text-primary">{format.text(name)}</span>
              <span className="text-muted text-sm tabular-nums">
                {t('home.items', { count: productCount })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Foundation() {
  const { t } = useTranslation()
  const courses: [LucideIcon, string, string][] = [
    [Fingerprint, t('home.signInTitle'), t('home.signInText')],
    [Waypoints, t('home.gatewayTitle'), t('home.gatewayText')],
    [Boxes, t('home.servicesTitle'), t('home.servicesText')],
    [DatabaseZap, t('home.cacheTitle'), t('home.cacheText')],
  ]
  return (
    <Section title={t('home.foundation')} lead={t('home.foundationLead')}>
      <ul className="grid gap-4 sm:grid-cols-2">
        {courses.map(([Icon, title, text]) => (
          <li key={title} className="card p-6">
            <Icon aria-hidden className="mb-4 size-7 text-primary" strokeWidth={1.6} />
            <h3 className="font-semibold text-lg">{title}</h3>
            <p className="mt-1.5 text-muted">{text}</p>
          </li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-6 rounded-lg bg-primary-soft p-6 text-on-primary-soft sm:p-8">
        <div className="max-w-xl">
          <h3 className="font-semibold text-xl">{t('home.traceTitle')}</h3>
          <p className="mt-1.5">{t('home.traceText')}</p>
        </div>
        <ButtonLink to="/how-it-works">{t('home.seeHow')}</ButtonLink>
      </div>
    </Section>
  )
}
