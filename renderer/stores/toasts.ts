import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toFault } from '../bridge/bridge'

export interface Toast {
  readonly id: number
  readonly kind: 'info' | 'good' | 'error'
  readonly text: string
}

const SHOWN_MS = 6000
const SHOWN_MAX = 4

/** Short messages at the edge of the window. Errors stay until they are dismissed. */
export const useToastStore = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([])
  let nextId = 1

  function show(kind: Toast['kind'], text: string): void {
    const toast = { id: nextId++, kind, text }
    toasts.value = [...toasts.value, toast].slice(-SHOWN_MAX)
    if (kind !== 'error') setTimeout(() => dismiss(toast.id), SHOWN_MS)
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  /** The one place that decides what a user reads of a failure; their own cancel needs no words. */
  function report(error: unknown): void {
    const fault = toFault(error)
    if (fault.code !== 'cancelled') show('error', fault.message)
  }

  return { toasts, show, dismiss, report }
})
