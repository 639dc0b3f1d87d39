import { configurationReference, configurationSchema } from './describe-configuration.ts'

// Printed for the tool that keeps the files, with the argument `reference` or `schema`.
const printed = process.argv.includes('reference')
  ? configurationReference()
  : `${JSON.stringify(configurationSchema(), null, 2)}\n`
process.stdout.write(printed)
