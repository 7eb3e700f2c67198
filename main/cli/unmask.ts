import { Command, CommanderError } from 'commander'
import { toFault } from '../engine/errors'
import { findAppPaths, readAppVersion } from '../host/app-paths'
import { addAgreeCommand } from './commands/agree-command'
import { addCrossvalCommand } from './commands/crossval-command'
import { addDataCommand } from './commands/data-command'
import { addDoctorCommand } from './commands/doctor-command'
import { addEvaluateCommand } from './commands/evaluate-command'
import { addEvaluateFusionCommand } from './commands/evaluate-fusion-command'
import { addFeaturesCommand } from './commands/features-command'
import { addLabelCommand } from './commands/label-command'
import { addMergeCommand } from './commands/merge-command'
import { addModelsCommand } from './commands/models-command'
import { addProbeCommand } from './commands/probe-command'
import { addStatsCommand } from './commands/stats-command'
import { addTrainCommand } from './commands/train-command'
import { EXIT, exitCodeOf } from './exit-codes'
import { visible } from './views/visible'

async function main(): Promise<void> {
  const paths = findAppPaths(__dirname)
  const program = new Command('unmask')
    .description(
      'Unmask reads emotion from faces and voices and writes timelines that R, pandas, ELAN and Praat open.',
    )
    .version(readAppVersion(paths.root))
    .showHelpAfterError('(unmask --help, or unmask COMMAND --help, for how to use it)')
    .exitOverride()
    // What stands behind a subcommand is the subcommand's: `evaluate page --out` is not `evaluate --out`.
    .enablePositionalOptions()
  // Each subcommand inherits exitOverride only when it is made after it was set.
  addLabelCommand(program, paths)
  addAgreeCommand(program)
  addStatsCommand(program)
  addFeaturesCommand(program)
  addProbeCommand(program)
  addDoctorCommand(program, paths)
  addModelsCommand(program, paths)
  addTrainCommand(program, paths)
  addEvaluateFusionCommand(addEvaluateCommand(program, paths), paths)
  addCrossvalCommand(program, paths)
  addMergeCommand(program)
  addDataCommand(program)
  try {
    // Said outright: inside Electron run as Node, commander would take the script for the first argument.
    await program.parseAsync(process.argv, { from: 'node' })
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end here too; commander has already said what there is to say.
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
      return
    }
    process.stderr.write(`unmask: ${visible(toFault(error).message)}\n`)
    process.exitCode = exitCodeOf(error)
  }
}

/** `unmask features CLIP | head` closes the pipe early: that is the reader's right, not a fault. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done)
  throw error
})
// A closed terminal takes the messages along, not the work that is being brought to its end.
process.stderr.on('error', () => undefined)

void main()
