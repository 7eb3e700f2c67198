import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANNOTATIONS_FOLDER, journalPath, snapshotPath } from '../../../main/engine/annotation/paths'
import { readProjectAnnotations } from '../../../main/engine/annotation/project-annotations'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { codedStudy, writeCodedProject } from '../../support/coded-project'
import { makeClip } from '../../support/media-fixtures'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const CLIP = 'clip'

let root: string
let project: string
let profile: string
let window: AppWindow | null = null

async function openProject(): Promise<{ window: AppWindow; token: string }> {
  const opened = await openAppWindow(place!, { profile })
  window = opened
  await opened.answerOpenDialogs([project])
  const token = await opened.page.evaluate(async () => {
    const reply = await self.unmask.chooseProject(null)
    if (!reply.ok) throw new Error(reply.fault.message)
    const clips = await self.unmask.listClips(null)
    const chosen = await self.unmask.chooseObserver({ observerId: 'anna' })
    if (!clips.ok || !chosen.ok) throw new Error('the project did not open')
    return clips.value[0]?.token ?? ''
  })
  return { window: opened, token }
}

/**
 * Edits as quickly as main takes them, a bout each, as the window does when somebody codes; the page notes which ones were sent and
 * which were acknowledged where the test reads them while it goes on.
 */
async function beginEditing({ page }: AppWindow, token: string, from: number): Promise<void> {
  await page.evaluate(
    ({ own, first }) => {
      const notes = { sent: [] as string[], acknowledged: [] as string[] }
      Object.assign(self, { notes })
      const send = async (at: number): Promise<void> => {
        const id = `live-${at}`
        notes.sent.push(id)
        const reply = await self.unmask.editAnnotations({
          token: own,
          edit: {
            title: 'code',
            changes: [
              {
                put: {
                  id,
                  kind: 'segment',
                  observerId: 'anna',
                  subjectId: '',
                  codeId: 'anger',
                  startSecs: at,
                  endSecs: at + 0.5,
                  status: 'added',
                  orig: null,
                  confidence: null,
                  comment: '',
                  editedAt: new Date().toISOString(),
                },
              },
            ],
          },
        })
        if (reply.ok) notes.acknowledged.push(id)
      }
      let at = first
      const more = (): void => {
        // Several at a time, so that some are always under way.
        for (let burst = 0; burst < 5; burst++) void send(at++)
        setTimeout(more, 15)
      }
      more()
    },
    { own: token, first: from },
  )
}

const notesOf = ({ page }: AppWindow) =>
  page.evaluate(() => (self as unknown as { notes: { sent: string[]; acknowledged: string[] } }).notes)

const savedIds = async (): Promise<string[]> =>
  ((await readProjectAnnotations(project)).clips.get(CLIP)?.items ?? []).map(({ id }) => id)

describe.skipIf(place === null)('what is coded', () => {
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'unmask-safety-'))
    project = join(root, 'project')
    profile = join(root, 'profile')
    await writeCodedProject(project, codedStudy(), [])
    await makeClip({ path: join(project, `${CLIP}.mp4`), video: { frames: 20 } })
    await writeCodedProject(project, codedStudy(), [
      { clipId: CLIP, path: `${CLIP}.mp4`, durationSecs: 0.8, items: [] },
    ])
  })
  afterEach(async () => {
    await window?.close().catch(() => undefined)
    window = null
    await rm(root, { recursive: true, force: true })
  })

  it('survives kills in the middle of edits: what was acknowledged is there, and nothing that was not sent', async () => {
    const acknowledged = new Set<string>()
    let from = 0
    // After 1.2 s the journal alone has it; after 4 s it was cut behind a snapshot on the way.
    for (const lifeMs of [1200, 4000, 2300]) {
      const opened = await openProject()
      await beginEditing(opened.window, opened.token, from)
      await opened.window.page.waitForTimeout(lifeMs)
      const notes = await notesOf(opened.window)
      await opened.window.kill()
      window = null
      for (const id of notes.acknowledged) acknowledged.add(id)
      expect(notes.acknowledged.length).toBeGreaterThan(50)
      const saved = await savedIds()
      expect([...acknowledged].filter((id) => !saved.includes(id))).toEqual([])
      // Edits are written in their order: what is there is all that was sent, up to some point.
      const own = saved.filter((id) => Number(id.slice(5)) >= from).length
      expect(saved.slice(-own)).toEqual(Array.from({ length: own }, (_, at) => `live-${from + at}`))
      from += 10_000
    }
    const again = await openProject()
    const items = await again.window.page.evaluate(async (own) => {
      const reply = await self.unmask.openAnnotations({ token: own })
      return reply.ok ? { ids: reply.value.items.map(({ id }) => id), notices: reply.value.notices } : null
    }, again.token)
    expect(items?.notices).toEqual([])
    expect([...acknowledged].filter((id) => !items?.ids.includes(id))).toEqual([])
  }, 120_000)

  it('is all in the snapshot when the window is closed', async () => {
    const opened = await openProject()
    await beginEditing(opened.window, opened.token, 0)
    await opened.window.page.waitForTimeout(800)
    const { acknowledged } = await notesOf(opened.window)
    await opened.window.close()
    window = null
    const folder = join(project, ANNOTATIONS_FOLDER)
    expect(await readFile(journalPath(folder, CLIP), 'utf8')).toBe('')
    const text = await readFile(snapshotPath(folder, CLIP), 'utf8')
    for (const id of acknowledged) expect(text).toContain(`"${id}"`)
  }, 60_000)

  it('opens after damage, says what is missing, and keeps the damaged file', async () => {
    const first = await openProject()
    await beginEditing(first.window, first.token, 0)
    await first.window.page.waitForTimeout(600)
    await first.window.close()
    window = null
    const folder = join(project, ANNOTATIONS_FOLDER)
    await rm(join(folder, 'backups'), { recursive: true, force: true })
    const path = snapshotPath(folder, CLIP)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace(/("id":"live-3"[^}]*"kind":)"segment"/, '$1"scratched"'))
    await appendFile(journalPath(folder, CLIP), '{"formatVersion":1,"seq":99')
    const { window: again, token } = await openProject()
    const opened = await again.page.evaluate(async (own) => {
      const reply = await self.unmask.openAnnotations({ token: own })
      if (!reply.ok) throw new Error(reply.fault.message)
      return { ids: reply.value.items.map(({ id }) => id), notices: reply.value.notices }
    }, token)
    expect(opened.ids).toContain('live-2')
    expect(opened.ids).not.toContain('live-3')
    expect(opened.notices.join()).toContain('missing: scratched live-3 at 3 s')
    expect((await readdir(folder)).filter((name) => name.includes('.damaged-'))).toHaveLength(1)
  }, 60_000)
})
