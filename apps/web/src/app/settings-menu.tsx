import { SunMoon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { MenuButton, MenuChoice, MenuLine } from '../components/menu.tsx'
import { chooseLocale, type Locale } from '../lib/i18n/index.ts'
import { chooseTheme, type Theme, usePreferences } from '../lib/preferences.ts'

/** Colours and language, for everybody. */
export function SettingsMenu() {
  const { t, i18n } = useTranslation()
  const { theme } = usePreferences()
  const label = `${t('navigation.theme')}, ${t('navigation.language')}`
  return (
    <MenuButton
      trigger={
        <button
          type="button"
          aria-label={label}
          className="grid size-11 place-items-center rounded-md hover:bg-sunken"
        >
          <SunMoon aria-hidden className="size-5" />
        </button>
      }
    >
      <MenuChoice<Theme>
        label={t('navigation.theme')}
        value={theme}
        onChoose={chooseTheme}
        options={(['light', 'dark', 'system'] as const).map((value) => ({
          value,
          text: t(`navigation.${value}`),
        }))}
      />
      <MenuLine />
      <MenuChoice<Locale>
        label={t('navigation.language')}
        value={i18n.language as Locale}
        onChoose={chooseLocale}
        options={[
          { value: 'en', text: 'English', lang: 'en' },
          { value: 'pt-BR', text: 'Português (Brasil)', lang: 'pt-BR' },
        ]}
      />
    </MenuButton>
  )
}
