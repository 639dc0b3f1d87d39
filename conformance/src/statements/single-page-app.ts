import type { Statement } from './statement.ts'

/** What the web app must keep: OAuth 2.0 for Browser-Based Applications. Its tests are journeys in Chromium (e2e/). */
export const singlePageApp: Statement[] = [
  { id: 'SPA-01', level: 'M', text: 'Code with PKCE, fresh secrets, one token request' },
  { id: 'SPA-02', level: 'M', text: 'A callback that nobody asked for brings no token request' },
  { id: 'SPA-03', level: 'M', text: 'Code and state leave the address before anything else loads' },
  { id: 'SPA-04', level: 'M', text: 'No token is in any storage' },
  { id: 'SPA-05', level: 'M', text: 'Ten tabs that expire together refresh once' },
  {
    id: 'SPA-06',
    level: 'M',
    text: 'A refusal brings one refresh and one more try; the way back stays in the app',
  },
  { id: 'SPA-07', level: 'M', text: 'Sleep and wrong clocks bring no loop and no stale face' },
  { id: 'SPA-08', level: 'M', text: 'A sign-out reaches the server and every tab' },
  { id: 'SPA-09', level: 'M', text: 'Only scripts of its own run' },
  { id: 'SPA-10', level: 'M', text: 'It works without third-party cookies and frames' },
  // There is no backend for frontend (ADR 0003), so there is no cookie that it could misuse.
  { id: 'SPA-11', level: 'M', text: 'No cookie of the app, or of a backend for it, counts' },
]
