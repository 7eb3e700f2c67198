import type { Observer, Study, Subject, TrackItem } from '../../../../preload/contract/annotation'
import { t } from '../../../strings'

const NAME_MAX = 200

/** Why a name cannot be given to an observer or subject; null: it can. */
export function nameProblem(
  typed: string,
  known: readonly { readonly name: string }[],
  takenText: 'newObserver.taken' | 'newSubject.taken',
): string | null {
  const name = typed.trim()
  if (name === '') return t('newObserver.empty')
  if (name.length > NAME_MAX) return t('newObserver.long', { count: name.length })
  return known.some((other) => other.name === name) ? t(takenText, { name }) : null
}

/** The first of "Coder 1", "Coder 2" … that nobody has. */
export function usualObserverName(observers: readonly Observer[]): string {
  for (let number = observers.length + 1; ; number++) {
    const name = t('newObserver.usual', { number })
    if (!observers.some((observer) => observer.name === name)) return name
  }
}

export function withObserver(study: Study, observer: Observer): Study {
  return { ...study, observers: [...study.observers, observer] }
}

export function withSubject(study: Study, subject: Subject): Study {
  return { ...study, subjects: [...study.subjects, subject] }
}

/** Numbers of the faces that were given to a subject, ascending; of a track that is split, those it has any part of. */
export function facesOfSubject(tracks: readonly TrackItem[], subjectId: string): number[] {
  const faces = new Set(tracks.filter((track) => track.subjectId === subjectId).map(({ faceId }) => faceId))
  return [...faces].sort((a, b) => a - b)
}

/** A subject with the faces it has in this clip, as choosers name it. */
export function subjectText(subject: Subject, tracks: readonly TrackItem[]): string {
  const faces = facesOfSubject(tracks, subject.id)
  return faces.length === 0
    ? subject.name
    : t('codingBar.subjectFaces', { name: subject.name, faces: faces.join(', '), count: faces.length })
}
