import { computed, type ComputedRef, onScopeDispose, type ShallowRef, shallowRef } from 'vue'
import type { ProjectClip } from '../../../preload/contract/project'
import { bridge, unwrap } from '../../bridge/bridge'
import { useToastStore } from '../../stores/toasts'

/** The clips of the open project in the order of their names, as they change. */
export function useProjectClips(): {
  readonly clips: ComputedRef<readonly ProjectClip[]>
  readonly isLoaded: Readonly<ShallowRef<boolean>>
} {
  const byToken = shallowRef<ReadonlyMap<string, ProjectClip>>(new Map())
  const isLoaded = shallowRef(false)
  const toasts = useToastStore()
  let visit = 0

  async function load(): Promise<void> {
    const mine = ++visit
    try {
      const listed = unwrap(await bridge().listClips(null))
      if (mine === visit) byToken.value = new Map(listed.map((clip) => [clip.token, clip]))
    } catch (error) {
      if (mine === visit) toasts.report(error)
    } finally {
      if (mine === visit) isLoaded.value = true
    }
  }

  onScopeDispose(
    bridge().on('clipsChanged', ({ clips, gone }) => {
      const next = new Map(byToken.value)
      for (const token of gone) next.delete(token)
      for (const clip of clips) next.set(clip.token, clip)
      byToken.value = next
    }),
  )
  onScopeDispose(
    bridge().on('projectChanged', ({ project }) => {
      byToken.value = new Map()
      if (project) void load()
      else visit++
    }),
  )
  onScopeDispose(() => visit++)
  void load()

  const clips = computed(() =>
    [...byToken.value.values()].sort(
      (a, b) =>
        a.folder.localeCompare(b.folder) || a.name.localeCompare(b.name, undefined, { numeric: true }),
    ),
  )
  return { clips, isLoaded }
}
