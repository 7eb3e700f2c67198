import type { Plugin } from './chart'

const CAP_PX = 5

/** Draws 95% intervals over the horizontal bars of the first dataset. */
export function intervalWhiskers(
  intervals: readonly (readonly [number, number] | null)[],
  colour: string,
): Plugin {
  return {
    id: 'interval-whiskers',
    afterDatasetsDraw(chart) {
      const scale = chart.scales['x']
      if (!scale) return
      const { ctx } = chart
      ctx.save()
      ctx.strokeStyle = colour
      ctx.lineWidth = 1.5
      chart.getDatasetMeta(0).data.forEach((bar, index) => {
        const interval = intervals[index]
        if (!interval) return
        const [low, high] = interval.map((value) => scale.getPixelForValue(value)) as [number, number]
        ctx.beginPath()
        ctx.moveTo(low, bar.y)
        ctx.lineTo(high, bar.y)
        for (const end of [low, high]) {
          ctx.moveTo(end, bar.y - CAP_PX)
          ctx.lineTo(end, bar.y + CAP_PX)
        }
        ctx.stroke()
      })
      ctx.restore()
    },
  }
}
