/** Why a request was refused at the edge. */
export type EdgeRefusal = {
  readonly status: 400 | 405 | 408 | 413 | 414 | 417 | 426 | 431 | 501 | 505
  readonly reason: string
}

export const refuse = (reason: string, status: EdgeRefusal['status'] = 400): EdgeRefusal => ({
  status,
  reason,
})
