import { overviewPage } from '#src/pages/account/overview-page.ts'
import type { CentrePages, CentreParts } from './centre-page.ts'

/** The first page. */
export const overviewPages = ({ config }: Pick<CentreParts, 'config'>): CentrePages => ({
  '': {
    show: ({ options, person }) => overviewPage(options, { ...person.account, home: config.WEB_APP_URL }),
  },
})
