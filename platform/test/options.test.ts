import { expect, test } from 'vitest'
import { readOptions as read, UsageError } from '../src/options.ts'

const readOptions = (args: string[]) => read(args, '/project/.alicerce')

test('without options the web app is at 8080 and data in .alicerce', () => {
  expect(readOptions([])).toEqual({
    port: 8080,
    dataFolder: '/project/.alicerce',
    reset: false,
    watch: false,
    help: false,
  })
})

test('reads --port and --reset', () => {
  expect(readOptions(['--port', '9000', '--reset'])).toMatchObject({ port: 9000, reset: true })
})

test.each([['80'], ['65000'], ['twelve'], ['8080.5']])('--port %s is refused with the range', (port) => {
  expect(() => readOptions(['--port', port])).toThrow(/whole number from 1024 to 64523/)
})

test('an unknown option is refused and points to the help', () => {
  expect(() => readOptions(['--prot', '9000'])).toThrow(UsageError)
  expect(() => readOptions(['--prot', '9000'])).toThrow(/--help/)
})
