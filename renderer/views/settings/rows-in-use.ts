import type { Settings } from '../../../preload/contract/settings'
import type { RowPath } from './setting-rows'

/** Whether a setting changes anything under the other choices that were made. */
export function isInUse(path: RowPath, { analysis }: Settings): boolean {
  const { smoothing, fusion } = analysis
  switch (path) {
    case 'analysis.smoothing.tauSecs':
      return smoothing.method === 'exponential'
    case 'analysis.smoothing.dwellSecs':
    case 'analysis.smoothing.faceEvidenceSecs':
      return smoothing.method === 'markov' || smoothing.method === 'markov-forward'
    case 'analysis.fusion.faceExponent':
    case 'analysis.fusion.speechExponent':
      return fusion.method === 'product'
    case 'analysis.fusion.faceWeight':
    case 'analysis.fusion.speechWeight':
      return fusion.method === 'weighted-sum'
    default:
      return true
  }
}
