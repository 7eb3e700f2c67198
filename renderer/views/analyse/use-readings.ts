import { computed, type ComputedRef } from 'vue'
import { useAnalysisStore } from '../../stores/analysis'
import { type FrameReading, readFrame } from './stage/overlay-model'
import { rowsOfStep } from './stage/row-index'

const NOTHING: FrameReading = { faces: [], rows: [], reason: null }

/** What the frames table says about a step; a new function when other results come. */
export function useReadings(): ComputedRef<(step: number) => FrameReading> {
  const analysis = useAnalysisStore()
  return computed(() => {
    const { opened, rowIndex } = analysis
    if (!opened || !rowIndex) return () => NOTHING
    return (step: number) => {
      const { from, to } = rowsOfStep(rowIndex, step)
      return readFrame(opened.rows, from, to)
    }
  })
}
