import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { MediaState } from '../../preload/contract/media'
import { bridge, toFault, unwrap } from '../bridge/bridge'

/** How the clip that Analyse shows is played: itself, or a copy where Chromium cannot play it. */
export const useClipMediaStore = defineStore('clip-media', () => {
  const token = shallowRef<string | null>(null)
  /** Null: not known yet. */
  const state = shallowRef<MediaState | null>(null)
  let visit = 0
  let stopListening: (() => void) | null = null

  /** Null while nothing can be played. */
  const url = computed(() =>
    state.value?.kind === 'original' || state.value?.kind === 'proxy' ? state.value.url : null,
  )
  const isProxy = computed(() => state.value?.kind === 'proxy')

  async function open(clipToken: string): Promise<void> {
    stopListening ??= bridge().on('mediaStateChanged', (changed) => {
      if (changed.token === token.value) state.value = changed.state
    })
    token.value = clipToken
    state.value = null
    await ask(() => bridge().mediaState({ token: clipToken }))
  }

  /** The recording could not be played after all: has a copy made. @returns false where that is of no use any more */
  async function refuse(): Promise<boolean> {
    const refused = token.value
    if (refused === null || state.value?.kind !== 'original') return false
    await ask(() => bridge().refusePlaying({ token: refused }))
    return true
  }

  async function ask(request: () => ReturnType<ReturnType<typeof bridge>['mediaState']>): Promise<void> {
    const mine = ++visit
    try {
      const answer = unwrap(await request())
      if (mine === visit) state.value = answer
    } catch (error) {
      if (mine === visit) state.value = { kind: 'failed', message: toFault(error).message }
    }
  }

  function close(): void {
    visit++
    token.value = null
    state.value = null
  }

  return { token, state, url, isProxy, open, refuse, close }
})
