import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import type { Draft } from './draft.ts'

/** What was typed beside what was saved elsewhere, field by field; keeping mine needs no button, saving again does it. */
export function Conflict(props: { mine: Draft; theirs: Draft; onTake: (draft: Draft) => void }) {
  const { t } = useTranslation()
  const { mine, theirs, onTake } = props
  const fields = [
    { label: t('profile.name'), mine: mine.name, theirs: theirs.name, taken: { ...mine, name: theirs.name } },
    {
      label: t('profile.phone'),
      mine: mine.phone,
      theirs: theirs.phone,
      taken: { ...mine, phone: theirs.phone },
    },
    {
      label: t('profile.language'),
      mine: mine.locale,
      theirs: theirs.locale,
      taken: { ...mine, locale: theirs.locale },
    },
    {
      label: t('profile.addressTitle'),
      mine: lineOf(mine),
      theirs: lineOf(theirs),
      taken: { ...mine, address: theirs.address },
    },
  ].filter((field) => field.mine !== field.theirs)
  return (
    <section role="alert" className="grid gap-4 rounded-md bg-warning-soft p-4 text-sm">
      <div className="text-warning">
        <h2 className="font-semibold text-base">{t('profile.conflictTitle')}</h2>
        <p>{t('profile.conflictText')}</p>
      </div>
      {fields.map(({ label, mine, theirs, taken }) => (
        <div
          key={label}
          className="grid items-end gap-3 rounded-sm bg-surface p-3 sm:grid-cols-[1fr_1fr_auto]"
        >
          <p className="min-w-0 break-words">
            <span className="block text-muted">
              {label} · {t('profile.mine')}
            </span>
            {mine || t('profile.empty')}
          </p>
          <p className="min-w-0 break-words">
            <span className="block text-muted">
              {label} · {t('profile.theirs')}
            </span>
            {theirs || t('profile.empty')}
          </p>
          <Button size="small" variant="secondary" onClick={() => onTake(taken)}>
            {t('profile.takeTheirs')}
          </Button>
        </div>
      ))}
    </section>
  )
}

const lineOf = ({ address: { line1, line2, postalCode, city, country } }: Draft) =>
  line1 ? [line1, line2, `${postalCode} ${city}`, country].filter(Boolean).join(', ') : ''
