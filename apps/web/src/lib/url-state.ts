import { useCallback } from 'react'
import { useNavigation, useSearchParams } from 'react-router'

/** The filters of a page, kept in its address: a link to it shows the same, and «back» undoes. Empty values leave the address. */
export function useUrlFilters() {
  const [parameters, setParameters] = useSearchParams()
  const isLeaving = useNavigation().state === 'loading'
  const set = useCallback(
    (changes: Record<string, string>) => {
      // A search that was typed just before would call a person back who is on the way to another page.
      if (isLeaving) return
      // Not of what was rendered last: a filter set right after another would take that back.
      const next = new URLSearchParams(window.location.search)
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value)
        else next.delete(name)
      }
      setParameters(next, { replace: true, preventScrollReset: true })
    },
    [setParameters, isLeaving],
  )
  const clear = useCallback(() => setParameters({}, { preventScrollReset: true }), [setParameters])
  return { get: (name: string) => parameters.get(name) ?? '', set, clear, isEmpty: parameters.size === 0 }
}

/** `value` if it is one of `choices`, else the first of them: addresses are typed by hand, too. */
export function oneOf<T extends string>(value: string, choices: readonly [T, ...T[]]): T {
  return choices.find((choice) => choice === value) ?? choices[0]
}
