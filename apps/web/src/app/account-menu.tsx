import { LogOut, Package, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { MenuButton, MenuItem, MenuLine } from '../components/menu.tsx'
import { usePerson } from '../lib/person.ts'
import { session } from '../lib/platform.ts'

/** Who is signed in, and what only he does. */
export function AccountMenu() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { profile } = usePerson()
  return (
    <MenuButton
      trigger={
        <button
          type="button"
          aria-label={t('navigation.accountMenu')}
          className="ml-1 grid size-9 place-items-center rounded-full bg-primary font-semibold text-on-primary text-sm hover:bg-primary-hover"
        >
          {profile ? initialsOf(profile.name) : <UserRound aria-hidden className="size-4" />}
        </button>
      }
    >
      {profile && (
        <div className="max-w-64 px-2.5 py-2">
          <p className="truncate font-medium">{profile.name}</p>
          <p className="truncate text-muted text-sm">{profile.email}</p>
        </div>
      )}
      <MenuLine />
      <MenuItem onSelect={() => navigate('/profile')}>
        <UserRound aria-hidden className="size-4" /> {t('navigation.profile')}
      </MenuItem>
      <MenuItem onSelect={() => navigate('/orders')}>
        <Package aria-hidden className="size-4" /> {t('navigation.orders')}
      </MenuItem>
      <MenuLine />
      <MenuItem onSelect={() => void session.signOut()}>
        <LogOut aria-hidden className="size-4" /> {t('navigation.signOut')}
      </MenuItem>
    </MenuButton>
  )
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0] ?? '')
    .join('')
    .toUpperCase()
}
