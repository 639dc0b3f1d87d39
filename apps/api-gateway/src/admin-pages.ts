/** The metrics of one worker as JSON: its primary adds those of all workers up. */
export const metricsPath = '/metrics.json'
