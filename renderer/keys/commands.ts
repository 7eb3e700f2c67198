import type { StringKey } from '../strings'
import type { Platform } from './chord'

/** Where a command is heard: 'everywhere', or in one view alone. */
export const SCOPES = ['everywhere', 'library', 'batch', 'analyse', 'live'] as const
export type Scope = (typeof SCOPES)[number]

/** The scope of a view; views without commands of their own hear those of everywhere. */
export function scopeOf(view: string): Scope {
  return SCOPES.find((scope) => scope === view) ?? 'everywhere'
}

export interface Command {
  readonly id: CommandId
  readonly title: StringKey
  readonly scope: Scope
  /** The first one is shown in menus and tooltips; the others are for keyboards that lack it. */
  readonly chords: readonly string[]
  /** Held down, it goes on. */
  readonly repeats: boolean
  /** Heard while a text is being typed: nothing that types or edits. */
  readonly inFields: boolean
}

interface Row {
  readonly scope: Scope
  readonly chords: readonly string[]
  readonly macChords?: readonly string[]
  readonly repeats?: boolean
  readonly inFields?: boolean
}

/** Every command that a key, a menu or a tooltip can name. Views offer them by useCommands(). */
const ROWS = {
  'view.library': { scope: 'everywhere', chords: ['Mod+1'], inFields: true },
  'view.batch': { scope: 'everywhere', chords: ['Mod+2'], inFields: true },
  'view.analyse': { scope: 'everywhere', chords: ['Mod+3'], inFields: true },
  'view.live': { scope: 'everywhere', chords: ['Mod+4'], inFields: true },
  'view.models': { scope: 'everywhere', chords: ['Mod+5'], inFields: true },
  'view.study': { scope: 'everywhere', chords: ['Mod+6'], inFields: true },
  'view.agreement': { scope: 'everywhere', chords: ['Mod+7'], inFields: true },
  'view.settings': { scope: 'everywhere', chords: ['Mod+,'], inFields: true },
  'project.create': { scope: 'everywhere', chords: ['Mod+Shift+N'], inFields: true },
  'project.open': { scope: 'everywhere', chords: ['Mod+O'], inFields: true },
  'project.addClips': { scope: 'everywhere', chords: ['Mod+I'], inFields: true },
  'project.addFolder': { scope: 'everywhere', chords: ['Mod+Shift+I'], inFields: true },
  'project.close': { scope: 'everywhere', chords: [] },
  'help.keys': { scope: 'everywhere', chords: ['?', 'F1'] },
  'help.about': { scope: 'everywhere', chords: [] },

  'library.search': { scope: 'library', chords: ['Mod+F', '/'] },

  'batch.start': { scope: 'batch', chords: ['Mod+Enter'] },
  'batch.pause': { scope: 'batch', chords: ['P'] },

  'transport.playPause': { scope: 'analyse', chords: ['Space'] },
  'transport.pause': { scope: 'analyse', chords: ['K'] },
  'transport.stepBack': { scope: 'analyse', chords: ['ArrowLeft', ','], repeats: true },
  'transport.stepForward': { scope: 'analyse', chords: ['ArrowRight', '.'], repeats: true },
  'transport.stepManyBack': { scope: 'analyse', chords: ['Shift+ArrowLeft', '<'], repeats: true },
  'transport.stepManyForward': { scope: 'analyse', chords: ['Shift+ArrowRight', '>'], repeats: true },
  'transport.shuttleBack': { scope: 'analyse', chords: ['J'] },
  'transport.shuttleForward': { scope: 'analyse', chords: ['L'] },
  'transport.slower': { scope: 'analyse', chords: ['[', 'Shift+J'] },
  'transport.faster': { scope: 'analyse', chords: [']', 'Shift+L'] },
  'transport.normalSpeed': { scope: 'analyse', chords: ['Shift+K'] },
  'transport.start': { scope: 'analyse', chords: ['Home', 'Mod+ArrowLeft'] },
  'transport.end': { scope: 'analyse', chords: ['End', 'Mod+ArrowRight'] },
  'transport.jump': { scope: 'analyse', chords: ['G', 'Mod+G'] },
  'transport.mute': { scope: 'analyse', chords: ['M'] },
  'transport.loop': { scope: 'analyse', chords: ['R'] },
  'transport.loopStart': { scope: 'analyse', chords: ['I'] },
  'transport.loopEnd': { scope: 'analyse', chords: ['O'] },
  'transport.previousSegment': { scope: 'analyse', chords: ['PageUp', 'Alt+ArrowLeft'], repeats: true },
  'transport.nextSegment': { scope: 'analyse', chords: ['PageDown', 'Alt+ArrowRight'], repeats: true },
  'transport.segmentStart': { scope: 'analyse', chords: ['Q'] },
  'transport.segmentEnd': { scope: 'analyse', chords: ['W'] },
  'transport.previousMoment': { scope: 'analyse', chords: ['Shift+N'], repeats: true },
  'transport.nextMoment': { scope: 'analyse', chords: ['N'], repeats: true },
  'timeline.zoomIn': { scope: 'analyse', chords: ['+', '='], repeats: true },
  'timeline.zoomOut': { scope: 'analyse', chords: ['-', '_'], repeats: true },
  'timeline.fit': { scope: 'analyse', chords: ['F'] },
  'timeline.panBack': { scope: 'analyse', chords: ['Shift+PageUp', 'Alt+Shift+ArrowLeft'], repeats: true },
  'timeline.panForward': {
    scope: 'analyse',
    chords: ['Shift+PageDown', 'Alt+Shift+ArrowRight'],
    repeats: true,
  },
  'timeline.follow': { scope: 'analyse', chords: ['T'] },
  'analyse.readings': { scope: 'analyse', chords: ['B'] },
  'analyse.landmarks': { scope: 'analyse', chords: ['Shift+B'] },
  'analyse.summary': { scope: 'analyse', chords: ['D'] },
  'analyse.stageZoomIn': { scope: 'analyse', chords: [] },
  'analyse.stageZoomOut': { scope: 'analyse', chords: [] },
  'analyse.stageShowAll': { scope: 'analyse', chords: [] },
  'analyse.previousClip': { scope: 'analyse', chords: ['Mod+ArrowUp'] },
  'analyse.nextClip': { scope: 'analyse', chords: ['Mod+ArrowDown'] },
  'analyse.export': { scope: 'analyse', chords: ['Mod+E'], inFields: true },

  'annotate.toggleCoding': { scope: 'analyse', chords: ['C', 'F2'] },
  'annotate.undo': { scope: 'analyse', chords: ['Mod+Z'], repeats: true },
  'annotate.redo': { scope: 'analyse', chords: ['Mod+Shift+Z', 'Mod+Y'], repeats: true },
  'annotate.delete': { scope: 'analyse', chords: ['Delete', 'Backspace'] },
  'annotate.split': { scope: 'analyse', chords: ['S'] },
  'annotate.merge': { scope: 'analyse', chords: ['Shift+M'] },
  'annotate.startEarlier': { scope: 'analyse', chords: ['Z'], repeats: true },
  'annotate.startLater': { scope: 'analyse', chords: ['Shift+Z'], repeats: true },
  'annotate.endLater': { scope: 'analyse', chords: ['V'], repeats: true },
  'annotate.endEarlier': { scope: 'analyse', chords: ['Shift+V'], repeats: true },
  'annotate.moveEarlier': { scope: 'analyse', chords: ['H'], repeats: true },
  'annotate.moveLater': { scope: 'analyse', chords: ['Shift+H'], repeats: true },
  'annotate.startHere': { scope: 'analyse', chords: ['Shift+I'] },
  'annotate.endHere': { scope: 'analyse', chords: ['Shift+O'] },
  'annotate.previousOwn': { scope: 'analyse', chords: ['Shift+ArrowUp'], repeats: true },
  'annotate.nextOwn': { scope: 'analyse', chords: ['Shift+ArrowDown'], repeats: true },
  'annotate.loopSelection': { scope: 'analyse', chords: ['Shift+R'] },
  'annotate.playSelection': { scope: 'analyse', chords: ['Shift+Space'] },
  'annotate.confirm': { scope: 'analyse', chords: ['A'] },
  'annotate.reject': { scope: 'analyse', chords: ['X'] },
  'annotate.unclear': { scope: 'analyse', chords: ['U'] },
  'annotate.withdraw': { scope: 'analyse', chords: ['Shift+A'] },
  'annotate.nextProposal': { scope: 'analyse', chords: ['Y'], repeats: true },
  'annotate.previousProposal': { scope: 'analyse', chords: ['Shift+Y'], repeats: true },
  'annotate.nextReview': { scope: 'analyse', chords: ['E'] },
  'annotate.done': { scope: 'analyse', chords: ['Mod+D'] },
  'annotate.exclude': { scope: 'analyse', chords: ['Shift+X'] },
  'annotate.comment': { scope: 'analyse', chords: ['Shift+C'] },
  'annotate.surer': { scope: 'analyse', chords: ['Alt+ArrowUp'] },
  'annotate.lessSure': { scope: 'analyse', chords: ['Alt+ArrowDown'] },
  'annotate.nextSubject': { scope: 'analyse', chords: ['Shift+T'] },
  'annotate.nextObserver': { scope: 'analyse', chords: ['Alt+Shift+T'] },

  'live.toggle': { scope: 'live', chords: ['Space'] },
  'live.record': { scope: 'live', chords: ['R'] },
  'live.mute': { scope: 'live', chords: ['M'] },
} as const satisfies Readonly<Record<string, Row>>

export type CommandId = keyof typeof ROWS

export const COMMAND_IDS = Object.keys(ROWS) as CommandId[]

/** @returns every command with the keys it has by itself on a platform */
export function commandsFor(platform: Platform): Command[] {
  return COMMAND_IDS.map((id) => {
    const { scope, chords, macChords, repeats = false, inFields = false }: Row = ROWS[id]
    const own = platform === 'darwin' ? (macChords ?? chords) : chords
    return { id, title: `command.${id}`, scope, chords: own, repeats, inFields }
  })
}

/** Kept for codes: by themselves digits name labels, and 0 ends what runs. */
export const RESERVED_CHORDS: readonly string[] = Array.from({ length: 10 }, (_, digit) => String(digit))

/** Needed to get about and to edit: no command may take them. */
export const FIXED_CHORDS: readonly string[] = [
  'Tab',
  'Shift+Tab',
  'Escape',
  'Enter',
  'Mod+A',
  'Mod+C',
  'Mod+V',
  'Mod+X',
  'Mod+Q',
  'Mod+W',
]
