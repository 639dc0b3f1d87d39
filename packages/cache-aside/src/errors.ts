export class CacheError extends Error {
  readonly code: 'overloaded' | 'load-timeout' | 'class-defined-twice'
  constructor(code: CacheError['code'], message: string) {
    super(message)
    this.name = 'CacheError'
    this.code = code
  }
}
