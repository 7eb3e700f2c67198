import type { AnnotationService } from '../annotation/annotation-service'
import type { ProjectSession } from '../projects/project-session'
import type { StudyProject } from './study-service'

/** The open project for agreement and statistics, with who is blind where by the one object that knows. */
export function studyProject(session: ProjectSession, annotation: AnnotationService): StudyProject {
  const { project } = session
  return {
    folder: project.folder,
    resultsFolder: project.resultsFolder,
    clips: project.clips.map(({ clipId }) => ({ clipId, token: session.tokenOf(clipId) })),
    // While nobody knows who codes here, nothing is shown.
    isBlind: (clipId) => annotation.session === null || annotation.isBlindClip(clipId),
  }
}
