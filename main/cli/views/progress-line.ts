/** A line in a file or pipe this often; a terminal's line is drawn over more often. */
const LOG_SECS = 15
const TERMINAL_SECS = 0.2

/**
 * Shows how far a count has come, on stderr: one line drawn over in a terminal, a line now and then elsewhere.
 * @param unit what is counted, in the plural
 */
export function progressLine(
  unit: string,
  { stream = process.stderr as NodeJS.WriteStream, nowMs = () => performance.now() } = {},
): (done: number, total: number) => void {
  const everyMs = 1000 * (stream.isTTY ? TERMINAL_SECS : LOG_SECS)
  const startMs = nowMs()
  let lastMs = startMs
  return (done, total) => {
    const isEnd = done >= total
    if (nowMs() - lastMs < everyMs && !(isEnd && stream.isTTY)) return
    lastMs = nowMs()
    const leftSecs = Math.round(((nowMs() - startMs) / 1000 / Math.max(1, done)) * (total - done))
    const text = `${done} of ${total} ${unit}${isEnd ? '' : `, about ${leftSecs} s left`}`
    stream.write(stream.isTTY ? `\r\u001b[K${text}${isEnd ? '\n' : ''}` : `${text}\n`)
  }
}
