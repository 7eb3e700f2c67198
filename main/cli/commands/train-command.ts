import { resolve } from 'node:path'
import type { Command } from 'commander'
import { openBackend } from '../../engine/inference/backend'
import { convertFaceApi } from '../../engine/learning/face/convert-face-api'
import { type AppPaths } from '../../host/app-paths'
import { currentCommit } from '../commit'
import { addTrainFaceCommand } from './train-face-command'
import { addTrainGeometryCommand } from './train-geometry-command'
import { addTrainSpeechCommand } from './train-speech-command'

export function addTrainCommand(program: Command, paths: AppPaths): void {
  const train = program
    .command('train')
    .description('train a model again, from data you have, or convert one')
  addFaceApi(train, paths)
  addTrainFaceCommand(train, paths)
  addTrainSpeechCommand(train, paths)
  addTrainGeometryCommand(train, paths)
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
