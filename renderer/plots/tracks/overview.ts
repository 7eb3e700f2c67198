import type { DrawSurface } from '../surface/surface'
import type { PlotView, Track } from './track'

/** A track in little and without its axis, for the strip that shows the whole clip. */
export function drawOverview(surface: DrawSurface, view: PlotView, track: Track | null): void {
  surface.fillRect(view.plot, view.theme.ground)
  if (track) surface.clipped(view.plot, () => track.draw(surface, view))
}
