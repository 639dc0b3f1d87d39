import { parseArgs } from 'node:util'
import { checkConfiguration } from './check-configuration.ts'
import { readConfigurationSource } from './config.ts'

const help = `Usage: node apps/api-gateway/src/main.ts [--check [file]]

Serves the API and the web app. All of its settings are environment variables: docs/reference/configuration.md.

  --check [file]  reads the proxy configuration, by default the one that PROXY_CONFIGURATION names, with what
                  ReverseProxy__… variables change in it; says everything that is wrong with it and ends with 1,
                  or what is in it and ends with 0. Serves nothing, and needs no other settings.
  --help          says this`

/** What a command has said, and the exit code that it ends with. */
export type Answer = { readonly lines: readonly string[]; readonly exitCode: number }

const usageFault = 64

/** Answers what the command line asks for; `undefined` where it asks for nothing, which is to serve. */
export function answerCommandLine(
  options: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Answer | undefined {
  if (options.length === 0) return undefined
  try {
    const { values, positionals } = parseArgs({
      args: [...options],
      options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    })
    if (values.help) return { lines: [help], exitCode: 0 }
    if (!values.check || positionals.length > 1) return { lines: [help], exitCode: usageFault }
    return check(positionals[0], env)
  } catch (error) {
    return { lines: [(error as Error).message, '', help], exitCode: usageFault }
  }
}

function check(file: string | undefined, env: Readonly<Record<string, string | undefined>>): Answer {
  try {
    const source = readConfigurationSource(
      file === undefined ? env : { ...env, PROXY_CONFIGURATION: file, PROXY_CONFIGURATION_FILE: undefined },
    )
    const { isRight, lines } = checkConfiguration(source.file, source.overlay)
    return { lines, exitCode: isRight ? 0 : 1 }
  } catch (error) {
    return { lines: [(error as Error).message], exitCode: 1 }
  }
}
