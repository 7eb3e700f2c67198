import { fork } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { sharedData } from '../support/shared-data'
import { loopClip } from '../support/loop-clip'
import { type BenchCase, type BenchFigures, runCase } from './cases'

/**
 * npm run bench [-- --only NAME --out FILE]
 *
 * Every case runs in a process of its own: a process has one backend for life, and memory is measured as a process's
 * peak. Speeds are given as ratios to a reference in the same run, because the machine is never quiet.
 */

const HELP = `npm run bench [-- OPTIONS]

  --only TEXT   only cases whose name contains TEXT
  --out FILE    where the JSON goes (default: test/bench/results.json)
  --quick       shorter clips, for trying the benchmark itself
`
const LOOPED_SECS = 60

interface CaseResult {
  readonly name: string
  readonly figures: BenchFigures | null
  readonly error: string | null
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      out: { type: 'string', default: join('test', 'bench', 'results.json') },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(HELP)
  const folder = await mkdtemp(join(tmpdir(), 'unmask-bench-'))
  try {
    const results: CaseResult[] = []
    for (const [name, benchCase] of await planCases(folder, values.quick)) {
      if (!name.includes(values.only)) continue
      process.stderr.write(`${name} ...\n`)
      results.push(await runInChild(name, benchCase))
    }
    const report = {
      measuredAt: new Date().toISOString(),
      machine: `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}`,
      results,
    }
    if (values.only === '' && !values.quick) {
      await writeFile(resolve(values.out), `${JSON.stringify(report, null, 2)}\n`)
      process.stderr.write(`written to ${values.out}\n`)
    }
    process.stdout.write(table(results))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function planCases(folder: string, isQuick: boolean): Promise<[string, BenchCase][]> {
  const cases: [string, BenchCase][] = [
    ['MFCC', { kind: 'mfcc' }],
    [`results of ${isQuick ? 5 : 60} min`, { kind: 'results', durationSecs: isQuick ? 300 : 3600 }],
  ]
  const hd = sharedData('clips', 'ravdess-01-01-01-01-01-01-01.mp4')
  const talking = sharedData('clips', 'talking-face.mp4')
  if (!hd || !talking) {
    process.stderr.write('../shared/data is absent: only the cases that need no recordings are run\n')
    return [...cases, ['start', { kind: 'start', backend: 'auto' }]]
  }
  const minimumFrames = isQuick ? 200 : 1500
  const hdLooped = join(folder, 'hd.mp4')
  await loopClip(hd, hdLooped, isQuick ? 8 : LOOPED_SECS)
  cases.push(['frame steps 1280x720', { kind: 'frames', clip: hdLooped }])
  for (const [name, clip] of [
    ['1280x720', hdLooped],
    ['talking-face', talking],
  ] as const) {
    cases.push([
      `faces ${name}, native`,
      { kind: 'faces', clip, backend: 'tensorflow', minimumFrames, withPlain: true },
    ])
    cases.push([
      `faces ${name}, wasm`,
      { kind: 'faces', clip, backend: 'wasm', minimumFrames, withPlain: false },
    ])
    cases.push([`whole clip ${name}, native`, { kind: 'clip', clip, backend: 'tensorflow' }])
    cases.push([`whole clip ${name}, wasm`, { kind: 'clip', clip, backend: 'wasm' }])
  }
  cases.push(['face network, native', { kind: 'network', backend: 'tensorflow' }])
  cases.push(['face network, wasm', { kind: 'network', backend: 'wasm' }])
  cases.push(['start to first result, native', { kind: 'start', backend: 'tensorflow' }])
  cases.push(['start to first result, wasm', { kind: 'start', backend: 'wasm' }])
  for (const minutes of isQuick ? [1, 2] : [3, 30]) {
    // Talking face with sound: both halves of the engine work for the whole length.
    const clip = join(folder, `${minutes}min.mp4`)
    await loopClip(sharedData('clips', 'montage.mp4') ?? talking, clip, minutes * 60)
    cases.push([`memory, ${minutes} min, native`, { kind: 'clip', clip, backend: 'tensorflow' }])
    cases.push([`sound as pictures, ${minutes} min`, { kind: 'sound', clip }])
  }
  return cases
}

function runInChild(name: string, benchCase: BenchCase): Promise<CaseResult> {
  return new Promise((done) => {
    const child = fork(__filename, ['--case', JSON.stringify(benchCase)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    })
    let figures: BenchFigures | null = null
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('message', (message) => (figures = message as BenchFigures))
    child.on('exit', (code) =>
      done({
        name,
        figures,
        error: figures ? null : `exit code ${code}: ${stderr.trim().split('\n').at(-1)}`,
      }),
    )
  })
}

function table(results: readonly CaseResult[]): string {
  const lines = results.flatMap(({ name, figures, error }) =>
    figures
      ? Object.entries(figures).map(([figure, value], index) => {
          const number = typeof value === 'number' ? Number(value.toPrecision(4)).toString() : String(value)
          return `${(index === 0 ? name : '').padEnd(34)} ${figure.padEnd(28)} ${number}`
        })
      : [`${name.padEnd(34)} FAILED ${error ?? ''}`],
  )
  return `${lines.join('\n')}\n`
}

async function child(benchCase: BenchCase): Promise<void> {
  const figures = await runCase(benchCase)
  await new Promise((sent) => process.send?.(figures, sent))
  process.exit(0)
}

const caseArgument = process.argv.indexOf('--case')
const work = caseArgument < 0 ? main() : child(JSON.parse(process.argv[caseArgument + 1] ?? '') as BenchCase)
work.catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
})
