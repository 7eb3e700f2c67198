// An analysis host that speaks the protocol and behaves by the clip's name. Run by fork in host-client.test.ts.
const backend = { name: 'wasm', description: 'scripted', tfjsVersion: '4.22.0', refused: [] }
const job = { id: 0 }

process.on('SIGINT', () => undefined)
process.on('message', (message) => {
  switch (message.type) {
    case 'configure':
      if (message.config.faceModelFolder === 'bad')
        process.send({ type: 'refused', fault: { code: 'model.bad-hash', message: 'sha256 differs' } })
      else if (message.config.faceModelFolder !== 'silent')
        process.send({ type: 'ready', backend, loadSecs: 0.1 })
      return
    case 'label':
      job.id = message.jobId
      return label(message.jobId, message.job.clipId)
    case 'cancel':
      return process.send({
        type: 'failed',
        jobId: message.jobId,
        stage: 'face',
        fault: { code: 'cancelled', message: 'Cancelled' },
      })
    case 'shutdown':
      return process.exit(0)
  }
})

function label(jobId, clipId) {
  const progress = (frames) =>
    process.send({ type: 'progress', jobId, progress: { stage: 'face', fraction: 0.5, frames } })
  switch (clipId) {
    case 'ok': {
      progress(1)
      const outcome = { files: ['ok.meta.json'], frames: 3, warnings: ['said'], wallSecs: 0.2 }
      return process.send({ type: 'done', jobId, outcome })
    }
    case 'fault':
      return process.send({
        type: 'failed',
        jobId,
        stage: 'speech',
        fault: { code: 'media.decode-failed', message: 'nothing decodes' },
      })
    case 'exit':
      process.stderr.write('I0000 some chatter\nassertion failed in codec\n')
      return setTimeout(() => process.exit(3), 50)
    case 'memory':
      progress(1)
      process.stderr.write(
        'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n',
      )
      process.stderr.write(' 1: 0xb9c310 node::Abort() [node]\n'.repeat(30))
      return setTimeout(() => process.abort(), 50)
    case 'segv':
      return process.kill(process.pid, 'SIGSEGV')
    case 'garbage':
      return process.send({ type: 'progress', jobId, progress: { stage: 'dance' } })
    case 'repeat':
      return setInterval(() => progress(7), 20)
    case 'slow': {
      // Slower in all than the watchdog allows for one step, yet always moving.
      const outcome = { files: [], frames: 12, warnings: [], wallSecs: 1 }
      let frames = 0
      const timer = setInterval(() => {
        progress(++frames)
        if (frames < 12) return
        clearInterval(timer)
        process.send({ type: 'done', jobId, outcome })
      }, 250)
      return timer
    }
    default:
      return undefined
  }
}
