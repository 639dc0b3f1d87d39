import { create } from 'zustand'
import { persist } from 'zustand/middleware'

/** Colours of the app; `system` follows the computer. */
export type Theme = 'light' | 'dark' | 'system'

/** What a person chose for this browser. `public/theme.js` reads the same entry before the first paint. */
export const usePreferences = create<{ theme: Theme }>()(
  persist(() => ({ theme: 'system' as Theme }), { name: 'alicerce.preferences' }),
)

/** Chooses a theme and shows it at once. */
export function chooseTheme(theme: Theme): void {
  usePreferences.setState({ theme })
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
