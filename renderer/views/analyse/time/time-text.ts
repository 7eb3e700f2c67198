/** `0:12.480`, `1:02:03.005`: hours only where there are any, milliseconds always. */
export function clockText(secs: number): string {
  if (!Number.isFinite(secs)) return '–'
  const sign = secs < 0 ? '−' : ''
  const allMs = Math.round(Math.abs(secs) * 1000)
  const ms = String(allMs % 1000).padStart(3, '0')
  const allSecs = Math.floor(allMs / 1000)
  const seconds = String(allSecs % 60).padStart(2, '0')
  const minutes = Math.floor(allSecs / 60) % 60
  const hours = Math.floor(allSecs / 3600)
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, '0')}:${seconds}.${ms}`
    : `${sign}${minutes}:${seconds}.${ms}`
}

/** `4.2 s`, `1 min 04 s`: a length rather than an instant. */
export function lengthText(secs: number): string {
  if (!Number.isFinite(secs)) return '–'
  if (secs < 10) return `${secs.toFixed(2)} s`
  if (secs < 59.95) return `${secs.toFixed(1)} s`
  const whole = Math.round(secs)
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** A probability or share as people read it; a dash where there is none. */
export function percentText(share: number | null, digits = 0): string {
  return share === null || !Number.isFinite(share) ? '–' : `${(share * 100).toFixed(digits)}%`
}
