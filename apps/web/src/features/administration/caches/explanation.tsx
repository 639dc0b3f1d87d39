import type { CacheEntry, CacheExplanation } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { Fact } from '../../../components/fact.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'

/** How one key stands in both levels, and what becomes of the next read. */
export function Explanation({ of }: { of: CacheExplanation }) {
  const { t } = useTranslation()
  const { firstLevel, store, tags, wouldLoad } = of
  return (
    <div className="rounded-md bg-sunken p-4 text-sm">
      <p className="mb-3 break-all font-medium">
        <code>
          {of.class}: {of.key}
        </code>
      </p>
      <dl className="grid gap-4 sm:grid-cols-2">
        <Fact name={t('administration.caches.inMemory')}>
          <Entry entry={firstLevel} />
        </Fact>
        <Fact name={t('administration.caches.inRedis')}>
          <Entry entry={store} />
        </Fact>
        <Fact name={t('administration.caches.nextReader')}>
          {t(`administration.caches.load_${wouldLoad as 'nobody'}`, { defaultValue: wouldLoad })}
        </Fact>
        {tags && (
          <Fact name={t('administration.caches.tags')}>
            {tags.length === 0
              ? t('administration.caches.noTags')
              : tags
                  .map(({ name, stands }) =>
                    stands ? name : `${name} ${t('administration.caches.tagVoid')}`,
                  )
                  .join(', ')}
          </Fact>
        )}
      </dl>
    </div>
  )
}

function Entry({ entry }: { entry: CacheEntry }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { state, age, freshFor, version, isNothing } = entry
  const facts = [
    t(`administration.caches.entry_${state as 'fresh'}`, { defaultValue: state }),
    isNothing && t('administration.caches.isNothing'),
    version ? t('administration.caches.version', { version }) : undefined,
    age !== undefined && t('administration.caches.loadedAgo', { time: format.seconds(age) }),
    freshFor !== undefined &&
      freshFor > 0 &&
      t('administration.caches.freshFor', { time: format.seconds(freshFor) }),
  ]
  return facts.filter((fact) => typeof fact === 'string').join(', ')
}
