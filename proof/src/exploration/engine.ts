/** The cache as it is, or a wrong variant of it. */
export type Engine = typeof import('@alicerce/cache-aside')
export type Store = ReturnType<Engine['memoryStore']>
export type Watcher = Parameters<Store['watch']>[1]
