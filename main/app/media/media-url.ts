/** @returns null for addresses that name nothing of ours */
export function parseMediaUrl(url: string): { kind: 'clip' | 'thumbnail'; token: string } | null {
  const match = /^unmask-media:\/\/(clip|thumbnail)\/([A-Za-z0-9-]{1,200})$/.exec(url)
  const [, kind, token] = match ?? []
  return (kind === 'clip' || kind === 'thumbnail') && token !== undefined ? { kind, token } : null
}
