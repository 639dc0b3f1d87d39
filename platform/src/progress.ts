import colours from 'picocolors'

/** Tells the person what is being done, one line a step, with the time it took. */
export type Progress = {
  /** A piece of work and its time. */
  step<Result>(title: string, work: () => Promise<Result>): Promise<Result>
  /** Something worth knowing that is not work. */
  note(message: string): void
}

/** Progress on `output` (standard output by default). A failing step is marked and its error goes on to the caller. */
export function createProgress(output: NodeJS.WritableStream = process.stdout): Progress {
  return {
    note: (message) => void output.write(`  ${colours.dim('·')} ${message}\n`),
    async step(title, work) {
      const started = performance.now()
      const line = (mark: string) =>
        output.write(
          `  ${mark} ${title} ${colours.dim(`${((performance.now() - started) / 1000).toFixed(1)} s`)}\n`,
        )
      try {
        const result = await work()
        line(colours.green('✓'))
        return result
      } catch (error) {
        line(colours.red('✗'))
        throw error
      }
    },
  }
}
