import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UnmaskError } from '../../errors'
import { type EvaluationReport, evaluationReportSchema } from './report-schema'

/** The places where files of this program keep reports: report.json, the summary of a cross-validation, one report alone. */
const holders = z.union([
  z.looseObject({ reports: z.array(evaluationReportSchema).min(1) }).transform(({ reports }) => reports),
  z.looseObject({ report: evaluationReportSchema }).transform(({ report }) => [report]),
  evaluationReportSchema.transform((report) => [report]),
])

/**
 * All evaluations in some files, in their order.
 * @throws UnmaskError 'data.invalid' for a file without any, 'input.not-found'
 */
export async function collectReports(paths: readonly string[]): Promise<EvaluationReport[]> {
  const reports: EvaluationReport[] = []
  for (const path of paths) {
    let raw: unknown
    try {
      raw = JSON.parse(await readFile(path, 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw new UnmaskError(
          'input.not-found',
          `No such file; run unmask evaluate or unmask crossval first: ${path}`,
          { cause: error },
        )
      if (!(error instanceof SyntaxError)) throw error
      throw new UnmaskError('data.invalid', `the file is not JSON; make it again: ${path}`, { cause: error })
    }
    const parsed = holders.safeParse(raw)
    if (!parsed.success)
      throw new UnmaskError(
        'data.invalid',
        `no evaluation is in this file; give a report.json or crossval.json: ${path}`,
      )
    reports.push(...parsed.data)
  }
  return reports
}
