import { create } from 'zustand'

/** A short message that goes away by itself. */
export type Toast = {
  id: number
  text: string
  tone: 'success' | 'danger' | 'info'
  action?: { text: string; to: string }
}

/** What is shown now. */
export const useToasts = create<{ toasts: Toast[] }>()(() => ({ toasts: [] }))

const shownFor = 6_000
let lastId = 0

/** Shows a message for some seconds; screen readers read it out. */
export function showToast(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}): void {
  const toast: Toast = { id: ++lastId, text, tone: 'success', ...options }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-2), toast] }))
  setTimeout(() => dismissToast(toast.id), shownFor)
}

/** Takes a message away before its time. */
export const dismissToast = (id: number) =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
