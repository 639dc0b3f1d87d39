import clsx from 'clsx'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet } from 'react-router'

/** Leads from one area of the administration to the next; on small screens the line scrolls. */
export default function AdministrationLayout() {
  const { t } = useTranslation()
  const areas = [
    { to: '/administration/users', text: t('users.title') },
    { to: '/administration/roles', text: t('administration.roles.title') },
    { to: '/administration/clients', text: t('administration.clients.title') },
    { to: '/administration/keys', text: t('administration.keys.title') },
    { to: '/administration/gateway', text: t('administration.gateway.title') },
    { to: '/administration/caches', text: t('administration.caches.title') },
    { to: '/administration/conformance', text: t('administration.conformance.title') },
    { to: '/administration/audit', text: t('administration.audit.title') },
  ]
  return (
    <>
      <nav aria-label={t('administration.areas')} className="no-print border-line border-b">
        <ul className="page flex gap-1 overflow-x-auto">
          {areas.map(({ to, text }) => (
            <li key={to}>
              <NavLink
                to={to}
                className={({ isActive }) =>
                  clsx(
                    '-mb-px flex min-h-11 items-center whitespace-nowrap border-b-2 px-3 font-medium text-sm',
                    isActive ? 'border-primary text-ink' : 'border-transparent text-muted hover:text-ink',
                  )
                }
              >
                {text}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </>
  )
}
