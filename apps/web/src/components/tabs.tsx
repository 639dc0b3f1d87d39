import clsx from 'clsx'
import { Link, useSearchParams } from 'react-router'

/** Parts of one page, of which the address names the one that is shown: the first where it names none. */
export function useTab<Tab extends string>(tabs: readonly [Tab, ...Tab[]]): Tab {
  const [parameters] = useSearchParams()
  return tabs.find((tab) => tab === parameters.get('tab')) ?? tabs[0]
}

/** Links to the parts of a page. On small screens the line scrolls. */
export function Tabs<Tab extends string>(props: {
  label: string
  tabs: readonly { tab: Tab; text: string }[]
  chosen: Tab
}) {
  const { label, tabs, chosen } = props
  return (
    <nav aria-label={label} className="mb-6 border-line border-b">
      <ul className="flex gap-1 overflow-x-auto">
        {tabs.map(({ tab, text }) => (
          <li key={tab}>
            <Link
              to={`?tab=${tab}`}
              replace
              preventScrollReset
              aria-current={tab === chosen ? 'page' : undefined}
              className={clsx(
                'flex min-h-11 items-center whitespace-nowrap border-b-2 px-3 font-medium text-sm',
                tab === chosen ? 'border-primary text-ink' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
