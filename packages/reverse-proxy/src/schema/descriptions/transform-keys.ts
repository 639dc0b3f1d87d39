import { within } from './within.ts'

const value = 'The value; it replaces those that are there.'
const added = 'The value; it is added to those that are there.'
const when =
  'Whether it is done for answers below 400, for those from 400 on and where no answer came, or always.'

const targets = within('Routes.*.Transforms', {
  '[PathPrefix]': 'Puts this in front of the path.',
  '[PathSet]': 'Sends this path instead.',
  '[PathRemovePrefix]': 'Takes this from the beginning of the path, where it ends with a whole segment.',
  '[PathPattern]': 'Sends the path that this template makes of the parameters of Match.Path.',
  '[QueryValueParameter]': 'Changes this parameter of the query.',
  '[QueryValueParameter].Set': value,
  '[QueryValueParameter].Append': added,
  '[QueryRouteParameter]':
    'Changes this parameter of the query to what a parameter of Match.Path stands for.',
  '[QueryRouteParameter].Set': 'The parameter of the path whose value replaces those that are there.',
  '[QueryRouteParameter].Append': 'The parameter of the path whose value is added to those that are there.',
  '[QueryRemoveParameter]': 'Takes this parameter from the query.',
  '[HttpMethodChange]': 'Sends requests of this method with another one.',
  '[HttpMethodChange].Set': 'The method that is sent.',
})

const requests = within('Routes.*.Transforms', {
  '[RequestHeadersCopy]': 'Whether the headers of the client are sent on.',
  '[RequestHeaderOriginalHost]':
    'Whether the Host that the client named is sent on, and not that of the destination.',
  '[RequestHeader]': 'Changes this header of the request.',
  '[RequestHeader].Set': `${value} An empty one removes the header.`,
  '[RequestHeader].Append': added,
  '[RequestHeader].Remove': 'Removes the header.',
  '[RequestHeaderRouteValue]':
    'Changes this header of the request to what a parameter of Match.Path stands for.',
  '[RequestHeaderRouteValue].Set': 'The parameter of the path whose value replaces those that are there.',
  '[RequestHeaderRouteValue].Append':
    'The parameter of the path whose value is added to those that are there.',
  '[RequestHeaderRemove]': 'Removes this header from the request.',
  '[RequestHeadersAllowed]': 'Sends on only these headers of the client: names with ; between them.',
  '[X-Forwarded]':
    'What happens to X-Forwarded-For, -Host, -Proto and -Prefix: set anew, appended to, removed, or left as they are. Set, where a route says nothing.',
  '[X-Forwarded].For': 'The same for the address of the client alone.',
  '[X-Forwarded].Host': 'The same for the Host that the client named alone.',
  '[X-Forwarded].Proto': 'The same for the scheme, http or https, alone.',
  '[X-Forwarded].Prefix': 'The same for the prefix of the path that the gateway took away alone.',
  '[X-Forwarded].HeaderPrefix': 'What the names of these headers begin with.',
  '[Forwarded]':
    'Writes the header Forwarded (RFC 7239) with these parts: for, by, host and proto with commas between them. The X-Forwarded headers are then removed.',
  '[Forwarded].Action': 'Whether it is set anew, appended to, removed, or left as it is.',
  '[Forwarded].ForFormat':
    'How the client is named: by a name made up for each request, as unknown, or by its address; with its port, with one made up, or without.',
  '[Forwarded].ByFormat': 'How the gateway is named, in the same ways.',
  '[ClientCert]':
    'Puts the certificate that the client showed into this header, as base64. What the client wrote there is always removed.',
})

const responses = within('Routes.*.Transforms', {
  '[ResponseHeadersCopy]': 'Whether the headers of the answer are sent on.',
  '[ResponseHeader]': 'Changes this header of the answer.',
  '[ResponseHeader].Set': `${value} An empty one removes the header.`,
  '[ResponseHeader].Append': added,
  '[ResponseHeader].When': when,
  '[ResponseHeaderRemove]': 'Removes this header from the answer.',
  '[ResponseHeaderRemove].When': when,
  '[ResponseHeadersAllowed]': 'Sends on only these headers of the answer: names with ; between them.',
  '[ResponseTrailersCopy]': 'Whether the trailers of the answer are sent on.',
  '[ResponseTrailer]': 'Changes this trailer of the answer.',
  '[ResponseTrailer].Set': `${value} An empty one removes the trailer.`,
  '[ResponseTrailer].Append': added,
  '[ResponseTrailer].When': when,
  '[ResponseTrailerRemove]': 'Removes this trailer from the answer.',
  '[ResponseTrailerRemove].When': when,
  '[ResponseTrailersAllowed]': 'Sends on only these trailers of the answer: names with ; between them.',
})

/** Keys of `Transforms`. */
export const transformKeys = { ...targets, ...requests, ...responses }
