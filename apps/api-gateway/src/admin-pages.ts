/** The metrics of one worker as JSON: its primary adds those of all workers up. */
export const metricsPath = '/metrics.json'

/** The live figures of one worker, for the others. */
export const figuresPath = '/figures'
