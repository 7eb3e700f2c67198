import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { extname, join } from 'node:path'
import { type Command, Option } from 'commander'
import { UnmaskError, toFault } from '../../engine/errors'
import { readFusionCard } from '../../engine/fusion/card'
import { BACKEND_CHOICES, type BackendChoice } from '../../engine/inference/backend-choice'
import { chooseModel } from '../../engine/inference/model-choice'
import { listModels, verifyModelFiles } from '../../engine/inference/model-folder'
import { MEDIA_EXTENSIONS } from '../../engine/media/find-media'
import { ffmpegVersion } from '../../engine/media/node-av'
import { analysisSettings } from '../../engine/timeline/settings'
import { HostClient } from '../../host/host-client'
import { type AppPaths, readAppVersion } from '../../host/app-paths'
import { EXIT } from '../exit-codes'

interface DoctorFlags {
  readonly backend: BackendChoice
  readonly models: string
}

const EXAMPLES = `
Examples:
  unmask doctor                          what runs here, how fast, and why nothing better does
  unmask doctor --backend tensorflow     the same, with one backend forced`

const SELF_TEST_STALL_SECS = 60

export function addDoctorCommand(program: Command, paths: AppPaths): void {
  program
    .command('doctor')
    .description('check this machine: Node, FFmpeg, backend, models, and a self-test on the sample clip')
    .addOption(new Option('--backend <name>', 'test this backend').choices(BACKEND_CHOICES).default('auto'))
    .option('--models <folder>', 'folder of models', paths.modelsFolder)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DoctorFlags) => {
      const checks: [string, () => Promise<string[]>][] = [
        ['Unmask', async () => [readAppVersion(paths.root)]],
        ['Node', async () => [`${process.version} on ${process.platform} ${process.arch}`]],
        ['processor', async () => [describeProcessor()]],
        ['FFmpeg', async () => [await ffmpegVersion()]],
        ['models', () => checkModels(flags.models)],
        ['self-test', () => selfTest(flags, paths)],
      ]
      let isHealthy = true
      for (const [name, check] of checks) {
        let lines: string[]
        try {
          lines = await check()
        } catch (error) {
          isHealthy = false
          const { code, message } = toFault(error)
          lines = [`PROBLEM (${code}): ${message}`]
        }
        for (const [index, line] of lines.entries())
          process.stdout.write(`${(index === 0 ? name : '').padEnd(11)}${line}\n`)
      }
      process.exitCode = isHealthy ? EXIT.done : EXIT.someFailed
    })
}

function describeProcessor(): string {
  const cores = cpus()
  const memoryGib = totalmem() / 2 ** 30
  return `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), ${memoryGib.toFixed(1)} GiB memory`
}

async function checkModels(modelsFolder: string): Promise<string[]> {
  const lines: string[] = []
  for (const model of await listModels(modelsFolder)) {
    await verifyModelFiles(model)
    const hashes = model.card.files.map(({ name, sha256 }) => `${name} ${sha256.slice(0, 16)}…`)
    lines.push(`${model.card.id} (${model.card.task}): files are as their card says: ${hashes.join(', ')}`)
  }
  const fusion = await readFusionCard(modelsFolder)
  lines.push(
    fusion
      ? `${fusion.id} (fusion): ${fusion.parameters.method}, b ${fusion.parameters.faceExponent} (face) and ${fusion.parameters.speechExponent} (speech)`
      : 'no fusion card: the defaults of the program serve',
  )
  return lines
}

/** Labels the sample clip in a real analysis host, which is also how the backend in use is learned. */
async function selfTest(flags: DoctorFlags, paths: AppPaths): Promise<string[]> {
  const [clip] = (await readdir(paths.sampleFolder)).filter((name) =>
    MEDIA_EXTENSIONS.has(extname(name).toLowerCase()),
  )
  if (clip === undefined)
    throw new UnmaskError('input.not-found', `no sample clip lies in ${paths.sampleFolder}`)
  const face = await chooseModel(flags.models, 'face-emotion')
  const speech = await chooseModel(flags.models, 'speech-emotion')
  const host = new HostClient({
    script: paths.hostScript,
    config: {
      backend: flags.backend,
      faceModelFolder: face.folder,
      speechModelFolder: speech.folder,
      detector: 'tiny',
      appVersion: readAppVersion(paths.root),
    },
    stallSecs: SELF_TEST_STALL_SECS,
  })
  const outFolder = await mkdtemp(join(tmpdir(), 'unmask-doctor-'))
  try {
    const { backend, loadSecs } = await host.whenReady()
    const options = {
      settings: analysisSettings(),
      exports: { long: false, eaf: false, textgrid: false, boris: false, landmarks: false, bom: false },
    }
    const job = { clipId: 'self-test', path: join(paths.sampleFolder, clip), outFolder, options }
    const outcome = await host.label(job, { onProgress: () => undefined })
    const rate = outcome.frames / outcome.wallSecs
    return [
      `${outcome.frames} frames of the sample in ${outcome.wallSecs.toFixed(1)} s (${rate.toFixed(0)} frames/s), ` +
        `after ${loadSecs.toFixed(1)} s to load`,
      `backend: ${backend.description}, tfjs ${backend.tfjsVersion}`,
      ...backend.refused.map(({ name, reason }) => `not ${name}: ${reason}`),
    ]
  } finally {
    await host.close()
    await rm(outFolder, { recursive: true, force: true })
  }
}
