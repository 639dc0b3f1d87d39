import { type DestinationStream, pino } from 'pino'

/** Lines are held back until there are so many characters of them, or for so long. */
const [heldCharacters, heldMilliseconds] = [16_384, 100]
/** From this level on, a line is written at once: it may be the last word of a process. */
const urgent = pino.levels.values.warn as number

/** pino tells such a destination the level of each line in `lastLevel`, right before it writes the line. */
type Leveled = DestinationStream & { lastLevel: number }

/**
 * The standard output, for many lines in one write: a write for each would cost a busy server a twentieth of its time. What is held back is written when
 * the process ends, however it ends but by SIGKILL.
 */
export function heldOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true })
  let held = ''
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const text = held
    held = ''
    if (text) output.write(text)
  }

  process.on('exit', flush)
  const stream: Leveled & Record<symbol, boolean> = {
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line) {
      held += line
      if (this.lastLevel >= urgent || held.length >= heldCharacters) flush()
      else timer ??= setTimeout(flush, heldMilliseconds).unref()
    },
  }
  return stream
}
