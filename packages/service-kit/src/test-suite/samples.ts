/** A service that runs, and requests that show its manners. Leave out what the service does not have. */
export type MannersOptions = {
  /** The running service. Called inside of tests, so that it may be started in `beforeAll`. */
  service: () => { url: string; adminUrl: string }
  /** Access tokens, without `Bearer`. */
  tokens: {
    /** Of a person who may do all that the samples ask for. */
    able: () => Promise<string>
    /** Of another such person. */
    other: () => Promise<string>
    /** Genuine, without the scopes and roles that `protectedPath` needs. */
    powerless: () => Promise<string>
    /** Wrong ones by what is wrong: signature, issuer, audience, expiry, type. */
    refused: Record<string, () => Promise<string>>
  }
  /** Path of a GET that needs a token. */
  protectedPath: string
  /** Everything that the service has logged. */
  logText: () => string
  /** A resource that changes. */
  change?: ChangeSample
  /** A POST that creates. */
  create?: CreateSample
  /** A list with pages. */
  list?: ListSample
}

/** A resource that changes under `If-Match`. */
export type ChangeSample = {
  /** Path of its GET. It is called once, before the first test that needs it. */
  path: () => Promise<string>
  /** The change. Default path: the same. */
  method: 'PUT' | 'PATCH' | 'POST'
  changePath?: (path: string) => string
  /** A valid body; different numbers make different changes. */
  body: (number: number) => unknown
}

/** A POST that creates under an `Idempotency-Key`. */
export type CreateSample = {
  path: string
  /** A valid body; different numbers make different bodies. */
  body: (number: number) => Promise<object> | object
}

/** A GET that answers a page; there must be more than two items. */
export type ListSample = {
  path: string
  /** A valid filter that gives another list, such as `status=paid`. */
  filter: string
  anonymous?: boolean
}
