import type { LiveFeatures } from '../../../preload/contract/live-port'
import type { FeatureColumn } from '../../engine/live/live-voice'

/** Columns of features on their way to the window, some at a time: a hundred messages a second would serve nobody. */
export class FeatureBatch {
  private readonly base: number[] = []
  private readonly logMel: number[] = []
  private readonly peaks: number[] = []
  private startSecs = 0
  private melBands = 0

  constructor(
    private readonly hopSecs: number,
    private readonly columnsWanted: number,
    private readonly send: (features: LiveFeatures) => void,
  ) {}

  readonly add = (column: FeatureColumn): void => {
    const expectedSecs = this.startSecs + this.peaks.length * this.hopSecs
    // After a gap in the sound the columns do not follow each other.
    if (this.peaks.length > 0 && Math.abs(column.timeSecs - expectedSecs) > this.hopSecs) this.flush()
    if (this.peaks.length === 0) this.startSecs = column.timeSecs
    this.melBands = column.logMel.length
    for (let row = 0; row < column.base.length; row++) this.base.push(column.base[row] ?? Number.NaN)
    for (let band = 0; band < column.logMel.length; band++)
      this.logMel.push(column.logMel[band] ?? Number.NaN)
    this.peaks.push(column.peak)
    if (this.peaks.length >= this.columnsWanted) this.flush()
  }

  flush(): void {
    const columns = this.peaks.length
    if (columns === 0) return
    this.send({
      startSecs: this.startSecs,
      hopSecs: this.hopSecs,
      columns,
      base: Float32Array.from(this.base.splice(0)),
      logMel: Float32Array.from(this.logMel.splice(0)),
      melBands: this.melBands,
      peaks: Float32Array.from(this.peaks.splice(0)),
    })
  }
}
