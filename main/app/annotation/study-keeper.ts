import type { AnnotationItem, Study } from '../../../preload/contract/annotation'
import type { BackupPlan } from '../../engine/annotation/backups'
import { defaultStudy } from '../../engine/annotation/default-study'
import {
  fillStudy,
  readStudy,
  setStudyAside,
  studyBackups,
  studyText,
  writeStudy,
} from '../../engine/annotation/study-file'
import {
  advanced,
  NO_HISTORY,
  type StudyHistory,
  type StudyRecord,
} from '../../engine/annotation/study-history'
import { makeFolder } from '../../engine/export/make-folder'

/** The study of a project, and its file. */
export class StudyKeeper {
  readonly #folder: string
  readonly #backups: BackupPlan
  readonly #replicaId: string
  #study: Study = defaultStudy()
  #history: StudyHistory = NO_HISTORY
  #notices: readonly string[] = []
  /** The file is damaged and not set aside yet. */
  #isDamaged = false
  #isStale = false
  #isChanged = false

  /**
   * @param folder the project's annotations folder
   * @param replicaId this session's name in clocks
   */
  constructor(folder: string, replicaId: string, now: () => number = Date.now) {
    this.#folder = folder
    this.#replicaId = replicaId
    this.#backups = studyBackups(folder, now)
  }

  get study(): Study {
    return this.#study
  }

  /** The study with what a merge needs to know of it. */
  get record(): StudyRecord {
    return { study: this.#study, history: this.#history }
  }

  get notices(): readonly string[] {
    return this.#notices
  }

  /** Changes nothing on the disk. @throws NewerVersionError, UnmaskError 'input.unreadable' */
  async read(items: () => Promise<Iterable<AnnotationItem>>): Promise<void> {
    const { study, history, notices, isDamaged, isStale } = await readStudy(this.#folder, items)
    this.#study = study
    this.#history = history
    this.#notices = notices
    this.#isDamaged = isDamaged
    this.#isStale = isStale
  }

  /** Adds what the items of a clip refer to and the study does not know. */
  fill(items: readonly AnnotationItem[], clipId: string): void {
    const { study, added } = fillStudy(this.#study, items)
    if (added.length === 0) return
    this.#study = study
    this.#isStale = true
    this.#notices = [
      ...this.#notices,
      `${clipId}: the study does not know what this clip uses; it has its id for a name now, and can be renamed: ${added.join(', ')}`,
    ]
  }

  /** Writes the file where it holds less than what was read and rebuilt. @throws UnmaskError 'output.*' */
  async repair(): Promise<void> {
    if (this.#isStale) await this.write(this.#study)
  }

  /** Takes what was changed here. @throws UnmaskError 'output.*'; then the study stays as it was */
  async write(study: Study): Promise<void> {
    await this.adopt({ study, history: advanced(this.record, study, this.#replicaId) })
  }

  /** Takes a study with its history, as a merge makes it. @throws UnmaskError 'output.*'; then the study stays as it was */
  async adopt({ study, history }: StudyRecord): Promise<void> {
    await makeFolder(this.#folder)
    if (this.#isDamaged) {
      const kept = await setStudyAside(this.#folder, Date.now())
      this.#notices = [...this.#notices, `The damaged study file is kept as ${kept}`]
      this.#isDamaged = false
    }
    await writeStudy(this.#folder, study, history)
    this.#study = study
    this.#history = history
    this.#isStale = false
    this.#isChanged = true
  }

  /** Keeps a copy where it is time for one. @throws UnmaskError 'output.*' */
  async backUp(): Promise<void> {
    await this.#backups.consider(() => [studyText(this.#study, this.#history)])
  }

  /** Keeps a copy of what was changed since the last one. @throws UnmaskError 'output.*' */
  async close(): Promise<void> {
    if (this.#isChanged) await this.#backups.make(() => [studyText(this.#study, this.#history)])
    this.#isChanged = false
  }
}
