import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Node keeps what it has compiled beside the code, for the next start; where it may not write there, it goes on without. Nowhere that others may
// write: whoever changes it runs in this process.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/compiled'))
await import('./run.ts')
