import { describe, expect, it } from 'vitest'
import { modelCardSchema } from '../../../../main/engine/inference/card'
import { cardMetrics } from '../../../../main/engine/learning/evaluation/card-metrics'
import { sampleReport } from './sample-reports'

describe('cardMetrics', () => {
  const report = sampleReport()
  const metrics = cardMetrics(report)

  it('keeps each figure with its interval and protocol', () => {
    const uar = metrics.find(({ name }) => name === 'UAR')!
    expect(uar.value).toBeCloseTo(report.uar.value, 4)
    expect(uar.interval![0]).toBeCloseTo(report.uar.interval![0], 4)
    for (const { protocol } of metrics) expect(protocol).toContain(report.protocol)
    expect(metrics.find(({ name }) => name === 'ECE')).not.toHaveProperty('interval')
  })

  it('is what the schema of cards accepts', () => {
    // The schema is of whole cards: only the metrics of a rejected one must be beyond reproach.
    const parsed = modelCardSchema.safeParse({ task: 'face-emotion', metrics })
    const paths = parsed.error!.issues.map(({ path }) => path[0])
    expect(paths.length).toBeGreaterThan(0)
    expect(paths).not.toContain('metrics')
  })
})
