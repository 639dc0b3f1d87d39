// Before the first paint, so that a person who chose a theme never sees the other one flash. Kept tiny: it blocks.
try {
  const theme = JSON.parse(localStorage.getItem('alicerce.preferences') ?? '{}').state?.theme
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is closed or was written by something else: the system's theme it is.
}
