import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { trainSpeech } from '../../engine/learning/speech/train'
import type { AppPaths } from '../../host/app-paths'
import { parseCount } from '../parse'
import { defaultSpeechCache, withSpeechTraining } from './speech-training'

interface TrainSpeechFlags {
  readonly data: string
  readonly out: string
  readonly config?: string
  readonly from?: string
  readonly resume: boolean
  readonly cache: string
  readonly figures: string
  readonly seed: number
  readonly epochs?: number
}

const EXAMPLES = `
Examples:
  unmask train speech --data ravdess --out models/speech
  unmask train speech --data lab.csv --from models/speech --config models/speech/tune.json --out lab-speech

The data is the RAVDESS folder or a manifest (CSV: path,label,speaker,split); clips of splits named test or validation
are not trained on but tested. With --from, training begins with that model: its windows, features, labels and batch
normalisation stay, and the clips' labels must be among its own. Figures and temperature of a RAVDESS model come from
unmask crossval speech with the same configuration. Needs native TensorFlow (npm run setup:tensorflow). Each epoch is
kept: a run that was cut off goes on with --resume and ends with the same weights.`

export function addTrainSpeechCommand(train: Command, paths: AppPaths): void {
  train
    .command('speech')
    .description('the speech networks, on RAVDESS or your own recordings')
    .requiredOption('--data <path>', 'the RAVDESS folder or a manifest')
    .requiredOption('-o, --out <folder>', 'the model folder to write')
    .option('--config <file>', "the configuration (default: the shipped model's, models/speech/config.json)")
    .option('--from <folder>', 'a model folder to start from: fine-tuning')
    .option('--resume', 'go on with the run in the cache folder', false)
    .option('--cache <folder>', 'features, checkpoints and curves', defaultSpeechCache(paths))
    .option('--figures <folder>', 'where unmask crossval speech wrote', join(paths.root, 'reports', 'speech'))
    .addOption(
      new Option('--seed <N>', 'of weights, order, augmentation and dropout')
        .argParser(parseCount)
        .default(1),
    )
    .option('--epochs <N>', "passes over the data, instead of the configuration's", parseCount)
    .addHelpText('after', EXAMPLES)
    .action((flags: TrainSpeechFlags) =>
      withSpeechTraining(paths, flags, describeCommand(flags), (context) =>
        trainSpeech({
          ...context,
          dataPath: resolve(flags.data),
          outFolder: resolve(flags.out),
          fromFolder: flags.from === undefined ? null : resolve(flags.from),
          figuresFolder: resolve(flags.figures),
          seed: flags.seed,
          isResumed: flags.resume,
        }),
      ),
    )
}

/** The command as the card quotes it, without paths of this machine. */
function describeCommand({ seed, epochs, config, from }: TrainSpeechFlags): string {
  const parts = ['unmask train speech --data DATA']
  if (config !== undefined) parts.push('--config CONFIG')
  if (from !== undefined) parts.push('--from MODEL')
  parts.push(`--seed ${seed}`)
  if (epochs !== undefined) parts.push(`--epochs ${epochs}`)
  return parts.join(' ')
}
