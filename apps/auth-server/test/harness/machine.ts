export { createClientKey, createMachine, createProofs } from '@alicerce/testing'
