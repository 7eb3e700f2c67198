import type { FaultCode } from '../errors'
import { CLIP_ID, type Column, column, names } from './columns'
import { csvLine, textCell } from './csv'
import type { FailedClipRow } from './summary'

const REMEDIES: Readonly<Record<FaultCode, string>> = {
  'usage.invalid': 'Correct the option that the message names; see --help.',
  'input.not-found': 'Check the path: the file was moved, renamed or its drive is not connected.',
  'input.unreadable': 'Check the permissions of the file, or copy it to another folder.',
  'input.empty': 'The file has no content: copy or export it again from its source.',
  'media.not-media':
    'This is no audio or video file, or its beginning is damaged: play it in another program, export it again.',
  'media.no-streams':
    'The file has neither the pictures nor the sound that was asked for: choose another --modality or file.',
  'media.decode-failed':
    'The file is damaged or its codec is not supported: convert it to MP4 (H.264 and AAC) and try again.',
  'model.not-found': 'Restore the models folder, or name a model that is there; see "unmask models".',
  'model.bad-card': 'Restore the model folder from the repository.',
  'model.bad-hash': 'Restore the model folder from the repository: its weights are not those of the card.',
  'model.bad-weights': 'Restore the model folder from the repository.',
  'backend.unavailable': 'Run "unmask doctor", or use --backend auto.',
  'output.exists': 'Choose another --out, or --resume, or --force to overwrite.',
  'output.unwritable': 'Choose another --out, or check its permissions.',
  'output.disk-full': 'Free some space and run again with --resume.',
  'data.invalid': 'Label the clip again with --force.',
  'host.crashed':
    'The analysis process ended unexpectedly on this file: convert it to MP4 (H.264 and AAC), or try --backend wasm.',
  'host.stalled':
    'The analysis process made no progress on this file: convert it to MP4 (H.264 and AAC), or try --backend wasm.',
  cancelled: 'Run again with --resume.',
  internal: 'Please report this message with the file that causes it.',
}

/** errors.csv: one row a clip that has no results. */
export const ERRORS_COLUMNS: readonly Column[] = [
  CLIP_ID,
  column('file_name', 'text', '', '', 'Name of the media file.'),
  column('path', 'text', '', '', 'Where it lies.'),
  column('stage', 'text', '', '', 'What was being done.'),
  column('code', 'category', '', Object.keys(REMEDIES).join('|'), 'Kind of fault, for programs.'),
  column('message', 'text', '', '', 'What happened.'),
  column('what_to_do', 'text', '', '', 'What helps.'),
]

/** What a person can do about a fault. */
export function whatToDo(code: FaultCode): string {
  return REMEDIES[code]
}

/** Lines of errors.csv, header first; the header alone where nothing failed. */
export function* errorsCsv(failed: Iterable<FailedClipRow>): Generator<string> {
  yield csvLine(names(ERRORS_COLUMNS))
  for (const { clipId, fileName, path, stage, fault } of failed)
    yield csvLine(
      [clipId, fileName, path, stage, fault.code, fault.message, whatToDo(fault.code)].map(textCell),
    )
}
