import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { openBackend } from '../../engine/inference/backend'
import { convertFaceApi } from '../../engine/learning/face/convert-face-api'
import { trainSpeech } from '../../engine/learning/speech/train'
import { type AppPaths } from '../app-paths'
import { currentCommit } from '../commit'
import { onInterrupt } from '../interrupt'
import { parseCount } from '../parse'
import { addTrainFaceCommand } from './train-face-command'

interface TrainSpeechFlags {
  readonly data: string
  readonly out: string
  readonly cache: string
  readonly seed: number
  readonly epochs?: number
}

const EXAMPLES = `
Examples:
  unmask train speech --data ravdess --out models/speech-mfcc-cnn-1

DIR holds the folders Actor_01 to Actor_20 of RAVDESS (speech, WAV or FLAC). Needs native TensorFlow
(npm run setup:tensorflow). An interrupted run goes on from its last epoch when it is started again.`

export function addTrainCommand(program: Command, paths: AppPaths): void {
  const train = program
    .command('train')
    .description('train a model again, from data you have, or convert one')
  addFaceApi(train, paths)
  addTrainFaceCommand(train, paths)
  train
    .command('speech')
    .description('the speech network on RAVDESS: four folds by actor for the figures, then all actors')
    .requiredOption('--data <folder>', 'the RAVDESS folder')
    .requiredOption('-o, --out <folder>', 'the model folder to write')
    .option('--cache <folder>', 'features, checkpoints and predictions', join(paths.root, '.cache', 'speech'))
    .addOption(
      new Option('--seed <N>', 'of weights, order and augmentation').argParser(parseCount).default(1),
    )
    .option('--epochs <N>', 'passes over the data (default: the recipe)', parseCount)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TrainSpeechFlags) => {
      const interrupt = onInterrupt()
      try {
        await trainSpeech({
          ravdessFolder: resolve(flags.data),
          outFolder: resolve(flags.out),
          cacheFolder: resolve(flags.cache),
          commit: currentCommit(paths.root),
          command: describeCommand(flags),
          seed: flags.seed,
          epochs: flags.epochs,
          signal: interrupt.signal,
          onMessage: (message) => process.stderr.write(`${message}\n`),
        })
      } finally {
        interrupt.release()
      }
    })
}

function addFaceApi(train: Command, paths: AppPaths): void {
  train
    .command('face-api')
    .description("write face-api's expression net as a model folder and measure it on FER2013 PublicTest")
    .requiredOption('--fer <folder>', 'folder with fer2013.csv.gz and fer2013new.csv')
    .requiredOption('-o, --out <folder>', 'the model folder to write')
    .addHelpText(
      'after',
      `
Examples:
  unmask train face-api --fer fer2013 --out models/face-expression-1`,
    )
    .action(async (flags: { readonly fer: string; readonly out: string }) => {
      await openBackend('auto')
      await convertFaceApi({
        ferFolder: resolve(flags.fer),
        outFolder: resolve(flags.out),
        command: 'unmask train face-api --fer fer2013',
        commit: currentCommit(paths.root),
      })
    })
}

/** The command as the card quotes it, without paths of this machine. */
function describeCommand({ seed, epochs }: TrainSpeechFlags): string {
  const length = epochs === undefined ? '' : ` --epochs ${epochs}`
  return `unmask train speech --data ravdess --seed ${seed}${length}`
}
