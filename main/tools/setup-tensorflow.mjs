// Gives this checkout the native TensorFlow backend. Plain JavaScript on Node's own modules, because it
// runs before anything is built. Whatever fails here leaves the WebAssembly backend untouched.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const TFJS_VERSION = '4.22.0'
/** Wheel versions whose C API the 4.22 binding was built and run against. */
const WHEEL_VERSION = '2.21.0'
const OFFICIAL_TIMEOUT_MS = 15 * 60_000
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const { values: options } = parseArgs({
  options: {
    gpu: { type: 'boolean', default: false },
    wheel: { type: 'string' },
    'from-wheel': { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const HELP = `npm run setup:tensorflow [-- OPTIONS]

Installs native TensorFlow (several hundred MB) into node_modules, beside the WebAssembly
backend that is always there. Two ways, tried in this order:
  1. the official prebuilt @tensorflow/tfjs-node ${TFJS_VERSION} from its release host;
  2. on Linux, its binding compiled against the TensorFlow ${WHEEL_VERSION} Python wheel
     (needs python3 with pip, g++ and Node's headers; about a minute).

  --gpu          the same for an NVIDIA GPU (@tensorflow/tfjs-node-gpu)
  --from-wheel   skip way 1
  --wheel FILE   use this wheel instead of asking pip
  --check        only test what is installed
`

const say = (line) => process.stdout.write(`setup:tensorflow: ${line}\n`)

class SetupError extends Error {}

function run(command, args, { cwd = root, timeoutMs, env } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: timeoutMs,
    env: env ? { ...process.env, ...env } : process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  const log = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim()
  return {
    ok: result.status === 0,
    log,
    out: (result.stdout ?? '').trim(),
    why: result.error?.message ?? reason(log),
  }
}

/** npm as the one that runs this script: by name it is a batch file on Windows, which cannot be started safely. */
function runNpm(args, options) {
  const script = process.env.npm_execpath
  return script ? run(process.execPath, [script, ...args], options) : run('npm', args, options)
}

/** The line of a log that says what went wrong: npm and Node print stacks after it. */
function reason(log) {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  return (
    lines.find((line) => /^\w*Error:|ERR!|^error/.test(line)) ??
    lines.find((line) => /cannot|failed|not found/i.test(line)) ??
    lines.at(-1) ??
    'no output'
  )
}

const packageName = options.gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
const packageDir = join(root, 'node_modules', ...packageName.split('/'))

/** Loads the binding in a process of its own (a native fault must not end this one) and multiplies. */
function verify() {
  const program = `
    const util = require('util')
    util.isNullOrUndefined ??= (value) => value === null || value === undefined
    util.isArray ??= Array.isArray
    const tf = require(${JSON.stringify(packageName)})
    const product = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync()
    if (!product.every((value) => value === 64)) throw new Error('wrong product')
    if (tf.getBackend() !== 'tensorflow') throw new Error('backend is ' + tf.getBackend())
    process.stdout.write('${packageName} ' + tf.version['tfjs-node'] + ' with TensorFlow ' + (tf.backend().binding.TF_Version ?? 'of unknown version'))`
  return run(process.execPath, ['-e', program], {
    timeoutMs: 120_000,
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
  })
}

async function sha256(file) {
  const hash = createHash('sha256')
  for await (const block of createReadStream(file)) hash.update(block)
  return hash.digest('hex')
}

/**
 * npm leaves an optional peer dependency out even when it is named, so the package is unpacked by hand. Its own
 * dependencies go inside it, all but tfjs: that must be the one the program already uses.
 */
async function installPackage() {
  say(`installing ${packageName}@${TFJS_VERSION} from the npm registry, without its install script`)
  const scratch = await mkdtemp(join(root, 'node_modules', '.tensorflow-'))
  try {
    const packed = runNpm([
      'pack',
      '--silent',
      '--pack-destination',
      scratch,
      `${packageName}@${TFJS_VERSION}`,
    ])
    const archive = (await readdir(scratch)).find((file) => file.endsWith('.tgz'))
    if (!packed.ok || !archive) throw new SetupError(`npm could not fetch ${packageName}: ${packed.why}`)
    const unpacked = run('tar', ['-xzf', archive], { cwd: scratch })
    if (!unpacked.ok) throw new SetupError(`tar could not unpack ${archive}: ${unpacked.why}`)
    const manifestFile = join(scratch, 'package', 'package.json')
    const manifest = JSON.parse(await readFile(manifestFile, 'utf8'))
    delete manifest.dependencies['@tensorflow/tfjs']
    delete manifest.devDependencies
    await writeFile(manifestFile, JSON.stringify(manifest, null, 2))
    const args = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
    const installed = runNpm(args, { cwd: join(scratch, 'package') })
    if (!installed.ok)
      throw new SetupError(`npm could not install what ${packageName} needs: ${installed.why}`)
    await rm(packageDir, { recursive: true, force: true })
    await mkdir(dirname(packageDir), { recursive: true })
    await rename(join(scratch, 'package'), packageDir)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function installOfficial() {
  say('way 1: the official prebuilt libraries')
  const args = ['scripts/install.js', ...(options.gpu ? ['gpu', 'download'] : ['cpu', 'download'])]
  const result = run(process.execPath, args, { cwd: packageDir, timeoutMs: OFFICIAL_TIMEOUT_MS })
  if (!result.ok) return result
  return verify()
}

function findNodeHeaders() {
  const prefix = resolve(dirname(process.execPath), '..')
  const candidates = [
    process.env.npm_config_nodedir && join(process.env.npm_config_nodedir, 'include/node'),
    join(prefix, 'include/node'),
    '/usr/include/node',
    '/usr/local/include/node',
  ].filter(Boolean)
  const found = candidates.find((folder) => existsSync(join(folder, 'node_api.h')))
  if (!found)
    throw new SetupError(
      `Node's headers (node_api.h) are in none of ${candidates.join(', ')}; install Node from nodejs.org or its -dev package`,
    )
  return found
}

async function fetchWheel(scratch) {
  if (options.wheel) {
    if (!existsSync(options.wheel)) throw new SetupError(`--wheel ${options.wheel} does not exist`)
    return resolve(options.wheel)
  }
  const name = options.gpu ? 'tensorflow' : 'tensorflow-cpu'
  const python = ['python3', 'python'].find((command) => run(command, ['-m', 'pip', '--version']).ok)
  if (!python)
    throw new SetupError(
      'python3 with pip is needed to fetch the TensorFlow wheel; install python3-pip or pass --wheel FILE',
    )
  say(`fetching the ${name} ${WHEEL_VERSION} wheel with pip`)
  const common = ['-m', 'pip', 'download', '--no-deps', '--disable-pip-version-check', '-d', scratch]
  // Debian's Python may be one that the wheel does not support: the libraries inside do not depend on it.
  const platform = process.arch === 'arm64' ? 'manylinux_2_27_aarch64' : 'manylinux_2_27_x86_64'
  const foreign = [
    '--only-binary=:all:',
    '--python-version',
    '311',
    '--implementation',
    'cp',
    '--platform',
    platform,
  ]
  let result = run(python, [...common, `${name}==${WHEEL_VERSION}`])
  if (!result.ok) result = run(python, [...common, ...foreign, `${name}==${WHEEL_VERSION}`])
  if (!result.ok) throw new SetupError(`pip could not fetch ${name} ${WHEEL_VERSION}: ${result.why}`)
  const wheel = (await readdir(scratch)).find((file) => file.endsWith('.whl'))
  if (!wheel) throw new SetupError(`pip left no wheel in ${scratch}`)
  return join(scratch, wheel)
}

async function extractWheel(wheel, target) {
  const script = `
import sys, zipfile
wanted = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
with zipfile.ZipFile(sys.argv[1]) as archive:
    for name in archive.namelist():
        if name in wanted or name.startswith('tensorflow/include/'):
            archive.extract(name, sys.argv[2])
`
  const result = run('python3', ['-c', script, wheel, target])
  if (!result.ok) throw new SetupError(`could not unpack ${wheel}: ${result.why}`)
  if (!existsSync(join(target, 'tensorflow/libtensorflow_cc.so.2')))
    throw new SetupError(
      `${wheel} holds no tensorflow/libtensorflow_cc.so.2: is it a Linux TensorFlow ${WHEEL_VERSION} wheel?`,
    )
}

async function installFromWheel() {
  if (process.platform !== 'linux')
    throw new SetupError(
      `the wheel build is for Linux; on ${process.platform} only the official libraries can be used`,
    )
  if (!run('g++', ['--version']).ok)
    throw new SetupError('g++ is needed to compile the binding; install g++ (Debian: apt-get install g++)')
  const headers = findNodeHeaders()
  // Beside node_modules, so that the last step is a rename on one file system.
  const scratch = await mkdtemp(
    join(existsSync(join(root, 'node_modules')) ? join(root, 'node_modules') : tmpdir(), '.tensorflow-'),
  )
  try {
    const wheel = await fetchWheel(scratch)
    say(`wheel sha256 ${await sha256(wheel)}`)
    const tree = join(scratch, 'wheel')
    await extractWheel(wheel, tree)
    const deps = join(packageDir, 'deps')
    await rm(deps, { recursive: true, force: true })
    await mkdir(join(deps, 'lib'), { recursive: true })
    for (const [from, to] of [
      ['libtensorflow_cc.so.2', 'libtensorflow.so'],
      ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
    ]) {
      await rename(join(tree, 'tensorflow', from), join(deps, 'lib', from))
      await symlink(from, join(deps, 'lib', to))
    }
    const out = join(packageDir, 'lib/napi-v8')
    await mkdir(out, { recursive: true })
    say('compiling the binding')
    const result = run(
      'g++',
      [
        '-std=c++17',
        '-O2',
        '-shared',
        '-fPIC',
        '-DNAPI_VERSION=8',
        '-I',
        join(tree, 'tensorflow/include'),
        '-I',
        headers,
        'binding/tfjs_backend.cc',
        'binding/tfjs_binding.cc',
        '-L',
        join(deps, 'lib'),
        '-ltensorflow',
        '-ltensorflow_framework',
        '-Wl,-rpath,$ORIGIN/../../deps/lib',
        '-o',
        join(out, 'tfjs_binding.node'),
      ],
      { cwd: packageDir },
    )
    if (!result.ok)
      throw new SetupError(
        `g++ could not compile the binding: ${
          result.log
            .split('\n')
            .filter((line) => line.includes('error'))
            .slice(0, 3)
            .join(' | ') || result.why
        }`,
      )
    await writeFile(
      join(packageDir, 'deps/SOURCE.txt'),
      `TensorFlow ${WHEEL_VERSION} Python wheel, binding compiled for Node-API 8\n`,
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  return verify()
}

async function main() {
  if (options.help) return void process.stdout.write(HELP)
  const present = existsSync(packageDir) ? verify() : { ok: false, why: `${packageName} is not installed` }
  if (present.ok) return say(`already works: ${present.out}`)
  if (options.check) throw new SetupError(present.why)
  await installPackage()
  const reasons = []
  if (!options['from-wheel'] && !options.wheel) {
    const official = installOfficial()
    if (official.ok) return say(`ready: ${official.out}`)
    reasons.push(`official libraries: ${official.why}`)
    say(`way 1 did not work (${official.why.slice(0, 200)})`)
  }
  try {
    say('way 2: the binding compiled against the Python wheel')
    const built = await installFromWheel()
    if (built.ok) return say(`ready: ${built.out}`)
    reasons.push(`wheel build: ${built.why}`)
  } catch (error) {
    reasons.push(`wheel build: ${error instanceof Error ? error.message : String(error)}`)
  }
  // A half-installed package would be found, tried and refused at every start.
  await rm(packageDir, { recursive: true, force: true })
  throw new SetupError(
    `native TensorFlow could not be set up; Unmask goes on with WebAssembly\n  ${reasons.join('\n  ')}`,
  )
}

main().catch((error) => {
  process.stderr.write(`setup:tensorflow: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
