import type { Bridge } from '../preload/contract'

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly unmask: Bridge
  }
}
