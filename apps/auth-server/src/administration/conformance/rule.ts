/** What the server and its clients are held against. */
export const profiles = ['oauth2.1', 'fapi2'] as const
export type Profile = (typeof profiles)[number]

/** A text in every language of the platform. */
export type Text = { en: string; 'pt-BR': string }

/** One statement of a specification, as something that can be looked at. */
export type Rule<Subject> = {
  /** Stays the same for ever: people refer to it. */
  id: string
  profile: Profile
  /** Document and section. */
  source: string
  title: Text
  /** What is wrong; `{value}` is what the check has found. */
  reason: Text
  /** What to do about it. */
  mend: Text
  /** Whether the rule says anything about this subject; it does unless told. */
  concerns?: (subject: Subject) => boolean
  /** What breaks the rule, all of it; nothing where it holds. */
  breaches: (subject: Subject) => readonly string[]
}

/** What came of a rule. */
export type Finding = {
  id: string
  profile: Profile
  source: string
  title: Text
  outcome: 'pass' | 'fail'
  reason: Text | null
  mend: Text | null
}

/** Findings, failures first, and for each profile the share of its rules that hold, in percent. */
export type Report = { scores: Record<Profile, number>; findings: Finding[] }

/** Holds a subject against all rules that concern it. */
export function judge<Subject>(rules: readonly Rule<Subject>[], subject: Subject): Report {
  const findings = rules
    .filter(({ concerns }) => concerns?.(subject) ?? true)
    .map((rule) => findingOf(rule, rule.breaches(subject)))
    .toSorted((one, other) => one.outcome.localeCompare(other.outcome))
  const scoreOf = (profile: Profile) => {
    const own = findings.filter((finding) => finding.profile === profile)
    const passed = own.filter(({ outcome }) => outcome === 'pass').length
    // A rule that fails is never rounded away.
    return own.length === 0 ? 100 : Math.floor((passed / own.length) * 100)
  }
  return { scores: { 'oauth2.1': scoreOf('oauth2.1'), fapi2: scoreOf('fapi2') }, findings }
}

function findingOf<Subject>(rule: Rule<Subject>, breaches: readonly string[]): Finding {
  const { id, profile, source, title, reason, mend } = rule
  const known = { id, profile, source, title }
  if (breaches.length === 0) return { ...known, outcome: 'pass', reason: null, mend: null }
  const value = breaches.join(', ')
  const told = (text: string) => text.replaceAll('{value}', () => value)
  return {
    ...known,
    outcome: 'fail',
    reason: { en: told(reason.en), 'pt-BR': told(reason['pt-BR']) },
    mend,
  }
}
