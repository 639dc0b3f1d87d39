/** The environment of the images that the Dockerfile makes. */
export const asInProduction = {
  NODE_ENV: 'production',
  NODE_OPTIONS: '--max-semi-space-size=8',
  MALLOC_ARENA_MAX: '2',
}
