import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StudyClient } from '../../../main/host/study-client'
import type { HostChild, HostChildListeners } from '../../../main/host/host-child'
import { writeEaf } from '../../../main/engine/interchange/eaf-write'
import { MAX_FILE_BYTES, readInterchange } from '../../../main/engine/interchange/read-file'
import { writeAnnotationsFile } from '../../../main/host/study/exchange-files'
import { ANNOTATION_FORMATS } from '../../../preload/contract/interchange'
import { documentOf } from '../../engine/interchange/generate'
import { bouts, codedStudy, writeCodedProject } from '../../support/coded-project'
import { tempFolder } from '../../support/temp-folder'

const script = fileURLToPath(new URL('../../../dist/node/study.cjs', import.meta.url))

/** A process played by the test. */
function scripted(stopMs = 20) {
  const children: {
    sent: { type: string; id: number; name?: string }[]
    killed: number
    isAlive: boolean
    listeners: HostChildListeners
  }[] = []
  const client = new StudyClient({
    script: 'study.cjs',
    stopMs,
    start: (_script, _env, listeners) => {
      const child = {
        sent: [] as { type: string; id: number; name?: string }[],
        killed: 0,
        isAlive: true,
        listeners,
      }
      children.push(child)
      return {
        get isAlive() {
          return child.isAlive
        },
        exited: Promise.resolve(),
        send: (message: unknown) => void child.sent.push(message as (typeof child.sent)[number]),
        kill: () => void child.killed++,
        abandon: () => undefined,
      } satisfies HostChild
    },
  })
  return { client, children }
}

const source = { projectFolder: '/p', resultsFolder: '/p/results', clipIds: [], group: null }

describe('StudyClient', () => {
  it('gives each answer to whoever asked', async () => {
    const { client, children } = scripted()
    const progress: number[][] = []
    const first = client.run(
      'survey',
      { source },
      { onProgress: (done, total) => progress.push([done, total]) },
    )
    const second = client.run('survey', { source })
    const [child] = children
    const [a, b] = child!.sent
    child!.listeners.onMessage({ type: 'progress', id: a!.id, done: 1, total: 2 })
    child!.listeners.onMessage({ type: 'done', id: b!.id, answer: 'second' })
    child!.listeners.onMessage({ type: 'done', id: a!.id, answer: 'first' })
    expect(await first).toBe('first')
    expect(await second).toBe('second')
    expect(progress).toEqual([[1, 2]])
    expect(children).toHaveLength(1)
  })

  it('tells everybody who waits when the process ends, and starts another for the next', async () => {
    const { client, children } = scripted()
    const waiting = [client.run('survey', { source }), client.run('survey', { source })]
    children[0]!.listeners.onEnd(null, 'SIGSEGV')
    for (const one of waiting)
      await expect(one).rejects.toMatchObject({
        code: 'host.crashed',
        message: expect.stringContaining('SIGSEGV'),
      })
    const next = client.run('survey', { source })
    expect(children).toHaveLength(2)
    children[1]!.listeners.onMessage({ type: 'done', id: children[1]!.sent[0]!.id, answer: 'again' })
    expect(await next).toBe('again')
    // What a process says that is gone is not heard.
    children[0]!.listeners.onEnd(1, null)
    expect(children).toHaveLength(2)
  })

  it('does not wait for the last words of a process that is gone', async () => {
    const { client, children } = scripted()
    const first = client.run('survey', { source })
    children[0]!.isAlive = false
    const second = client.run('survey', { source })
    await expect(first).rejects.toMatchObject({ code: 'host.crashed' })
    expect(children).toHaveLength(2)
    children[1]!.listeners.onMessage({ type: 'done', id: children[1]!.sent[0]!.id, answer: 'new' })
    expect(await second).toBe('new')
  })

  it('is stopped at once, kills what does not stop, and asks the next process for what else waits', async () => {
    const { client, children } = scripted(5)
    const controller = new AbortController()
    const stopped = client.run('survey', { source }, { signal: controller.signal })
    const other = client.run('survey', { source })
    controller.abort()
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    expect(children[0]!.sent.map(({ type }) => type)).toEqual(['order', 'order', 'cancel'])
    await expect.poll(() => children.length).toBe(2)
    expect(children[0]!.killed).toBe(1)
    const [message] = children[1]!.sent
    children[1]!.listeners.onMessage({ type: 'done', id: message!.id, answer: 'kept' })
    expect(await other).toBe('kept')
  })

  it('leaves a process alone that stops when it is told to', async () => {
    const { client, children } = scripted(5)
    const controller = new AbortController()
    const stopped = client.run('survey', { source }, { signal: controller.signal })
    controller.abort()
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    const { listeners, sent } = children[0]!
    listeners.onMessage({
      type: 'failed',
      id: sent[0]!.id,
      fault: { code: 'cancelled', message: 'Cancelled' },
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(children[0]!.killed).toBe(0)
    await expect(client.run('survey', { source }, { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})

describe('the study process', () => {
  it('answers, refuses what is malformed, and lives on', async () => {
    const folder = await tempFolder()
    await writeCodedProject(folder, codedStudy(), [
      { clipId: 'one', path: 'one.mp4', durationSecs: 2, items: bouts('anna', ['anger', 0, 1]) },
    ])
    const client = new StudyClient({ script })
    onTestFinished(() => client.close())
    const own = { projectFolder: folder, resultsFolder: `${folder}/results`, clipIds: ['one'], group: null }
    const bad = { source: { ...own, clipIds: 'one' } } as unknown as { source: typeof own }
    await expect(client.run('survey', bad)).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining('source.clipIds'),
    })
    const survey = await client.run('survey', { source: own })
    expect(survey.raters.map(({ key }) => key)).toContain('Anna')
    const gone = { ...own, projectFolder: `${folder}/gone` }
    await expect(client.run('survey', { source: gone })).rejects.toMatchObject({
      message: expect.stringContaining('gone'),
    })
  })

  it('writes files of other programs as they are written here', async () => {
    const folder = await tempFolder()
    const documents = [documentOf(3)]
    const client = new StudyClient({ script })
    onTestFinished(() => client.close())
    const common = { documents, isForReimport: true, date: '2026-11-23T03:00:00Z', author: 'a', name: 'p' }
    for (const format of ANNOTATION_FORMATS) {
      const [there, here] = [join(folder, `there-${format}`), join(folder, `here-${format}`)]
      await client.run('writeAnnotations', { ...common, format, path: there })
      await writeAnnotationsFile({ ...common, format, path: here })
      expect(await readFile(there)).toEqual(await readFile(here))
    }
    const nowhere = { ...common, format: 'eaf', path: join(folder, 'there-eaf', 'x.eaf') } as const
    await expect(client.run('writeAnnotations', nowhere)).rejects.toMatchObject({
      message: expect.stringContaining('x.eaf'),
    })
  })

  it('reads files of other programs as they are read here, and names what it cannot read', async () => {
    const folder = await tempFolder()
    const document = documentOf(12)
    const good = join(folder, 'coded.eaf')
    const bytes = Buffer.from([...writeEaf(document, { author: 'a', date: '2026-11-23T03:00:00Z' })].join(''))
    await writeFile(good, bytes)
    const client = new StudyClient({ script })
    onTestFinished(() => client.close())
    const read = (path: string) => client.run('readAnnotations', { path, closesUnpaired: false })
    expect(await read(good)).toEqual(readInterchange(bytes, 'coded.eaf', { closesUnpaired: false }))
    const cut = join(folder, 'cut.eaf')
    await writeFile(cut, bytes.subarray(0, bytes.length / 2))
    await expect(read(cut)).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringMatching(/^cut\.eaf: .*cut off/),
    })
    await expect(read(join(folder, 'none.eaf'))).rejects.toMatchObject({
      message: expect.stringContaining('none.eaf'),
    })
    const huge = join(folder, 'huge.csv')
    const handle = await open(huge, 'w')
    await handle.truncate(MAX_FILE_BYTES + 1)
    await handle.close()
    await expect(read(huge)).rejects.toMatchObject({
      message: expect.stringContaining('huge.csv has 268 MB'),
    })
  })
})
