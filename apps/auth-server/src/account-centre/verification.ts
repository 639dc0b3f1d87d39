import { type CentrePages, type CentreParts, goTo } from './centre-page.ts'

/** Sends the link to the account's address once more. */
export const verificationPages = ({
  database,
  verificationMails,
}: Pick<CentreParts, 'database' | 'verificationMails'>): CentrePages => ({
  verification: {
    back: '',
    async submit(request) {
      const { person, options } = request
      if (!person.account.emailVerified)
        await verificationMails.leave(database, { accountId: person.account.id, language: options.language })
      goTo(request, '', 'verification')
    },
  },
})
