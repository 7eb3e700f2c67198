import { mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type Checkpoint,
  configHashOf,
  nameArrays,
  readCheckpointFile,
  takeArrays,
  writeCheckpointFile,
} from '../../../../main/engine/learning/training/checkpoint'
import { openRunFolder, readProvenance } from '../../../../main/engine/learning/training/run-folder'
import { tempFolder } from '../../../support/temp-folder'

const hash = configHashOf({ rate: 1 })
const checkpoint: Checkpoint = {
  configHash: hash,
  epoch: 3,
  step: 30,
  arrays: new Map(
    nameArrays('weights', [Float32Array.of(1, -2.5), new Float32Array(0), Float32Array.of(1e-30)]),
  ),
  extra: { curves: [{ epoch: 1 }] },
}

describe('checkpoint', () => {
  it('comes back as it was written', async () => {
    const file = join(await tempFolder(), 'runs', 'checkpoint.bin')
    await writeCheckpointFile(file, checkpoint)
    const read = await readCheckpointFile(file, hash)
    expect(read).toEqual(checkpoint)
    const into = [new Float32Array(2), new Float32Array(0), new Float32Array(1)]
    takeArrays(read!, 'weights', into, file)
    expect(into.map((values) => [...values])).toEqual([[1, -2.5], [], [Math.fround(1e-30)]])
  })

  it('is null where there is none', async () => {
    expect(await readCheckpointFile(join(await tempFolder(), 'none.bin'), hash)).toBeNull()
  })

  it('of another configuration is refused and left as it is', async () => {
    const file = join(await tempFolder(), 'checkpoint.bin')
    await writeCheckpointFile(file, checkpoint)
    const before = await readFile(file)
    await expect(readCheckpointFile(file, configHashOf({ rate: 2 }))).rejects.toThrow(/another configuration/)
    expect(await readFile(file)).toEqual(before)
  })

  it('that is damaged or of another network is refused', async () => {
    const file = join(await tempFolder(), 'checkpoint.bin')
    await writeCheckpointFile(file, checkpoint)
    const read = (await readCheckpointFile(file, hash))!
    expect(() => takeArrays(read, 'weights', [new Float32Array(3)], file)).toThrow(/another network/)
    await truncate(file, (await stat(file)).size - 4)
    await expect(readCheckpointFile(file, hash)).rejects.toThrow(/damaged/)
    await writeFile(file, 'something else')
    await expect(readCheckpointFile(file, hash)).rejects.toThrow(/not a checkpoint/)
  })

  it('that cannot be written leaves the one before', async () => {
    const file = join(await tempFolder(), 'checkpoint.bin')
    await writeCheckpointFile(file, checkpoint)
    // A folder in the way of the temporary file: root may write anywhere, but not over a folder.
    await mkdir(`${file}.unmask-tmp`)
    await expect(writeCheckpointFile(file, { ...checkpoint, epoch: 4 })).rejects.toThrow()
    expect((await readCheckpointFile(file, hash))?.epoch).toBe(3)
  })
})

describe('run folder', () => {
  const options = { config: { rate: 1 }, provenance: { command: 'unmask train', commit: 'abc' } }

  it('is not begun twice, but gone on with', async () => {
    const run = join(await tempFolder(), 'run')
    const { checkpointFile } = await openRunFolder(run, { ...options, isResumed: false })
    await writeCheckpointFile(checkpointFile, checkpoint)
    await expect(openRunFolder(run, { ...options, isResumed: false })).rejects.toThrow(/--resume/)
    const later = { command: 'another', commit: 'def' }
    await openRunFolder(run, { ...options, provenance: later, isResumed: true })
    expect(await readProvenance(run)).toEqual(options.provenance)
  })
})
