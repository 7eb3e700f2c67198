import { type Ref, shallowRef } from 'vue'

export interface FileDrop {
  /** Files hang over the target. */
  readonly isOver: Ref<boolean>
  readonly listeners: Readonly<
    Record<'dragenter' | 'dragover' | 'dragleave' | 'drop', (event: DragEvent) => void>
  >
}

/** Takes files and folders that are dropped on an element: `v-on="drop.listeners"`. */
export function useFileDrop(onFiles: (files: readonly File[]) => void): FileDrop {
  const isOver = shallowRef(false)
  // Each element inside reports its own entering and leaving.
  let depth = 0

  const isFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

  return {
    isOver,
    listeners: {
      dragenter: (event) => {
        if (!isFiles(event)) return
        event.preventDefault()
        depth++
        isOver.value = true
      },
      dragover: (event) => {
        if (!isFiles(event)) return
        event.preventDefault()
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      },
      dragleave: (event) => {
        if (!isFiles(event)) return
        depth = Math.max(0, depth - 1)
        if (depth === 0) isOver.value = false
      },
      drop: (event) => {
        if (!isFiles(event)) return
        event.preventDefault()
        depth = 0
        isOver.value = false
        onFiles([...(event.dataTransfer?.files ?? [])])
      },
    },
  }
}
