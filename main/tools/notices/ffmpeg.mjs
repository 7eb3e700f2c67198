// @ts-check

/** @typedef {{ version: string, configuration: string }} FfmpegBuild */

/**
 * What the FFmpeg inside node-av says of itself.
 * @returns {Promise<FfmpegBuild>}
 */
export async function readFfmpegBuild() {
  addMissingGlobals()
  const { getFFmpegInfo } = await import('node-av/lib')
  const { version, configuration } = getFFmpegInfo()
  return { version, configuration }
}

/** As main/engine/media/node-av.ts does: node-av is written for newer versions of Node. */
function addMissingGlobals() {
  for (const name of ['dispose', 'asyncDispose'])
    if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol.for(`nodejs.${name}`) })
  if ('withResolvers' in Promise) return
  Object.defineProperty(Promise, 'withResolvers', {
    value: function withResolvers() {
      /** @type {Record<string, unknown>} */
      const parts = {}
      parts['promise'] = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }))
      return parts
    },
  })
}

/**
 * The licence that FFmpeg's own build rules give such a configuration.
 * @param {string} configuration the switches of its configure script
 * @returns {string}
 */
export function ffmpegLicence(configuration) {
  const has = (/** @type {string} */ name) => configuration.split(/\s+/).includes(`--enable-${name}`)
  if (has('nonfree')) return 'not redistributable (--enable-nonfree)'
  const version = has('version3') ? '3' : has('gpl') ? '2' : '2.1'
  return `GNU ${has('gpl') ? '' : 'Lesser '}General Public License, version ${version} or later`
}

/**
 * @param {string} configuration
 * @returns {string[]} the libraries built in
 */
export function ffmpegLibraries(configuration) {
  return [
    ...configuration.matchAll(/--enable-((?:lib|open|g|l|ff|a|chroma|whisper|v|zlib|iconv|font|harf)\S*)/g),
  ]
    .map((match) => match[1] ?? '')
    .filter((name) => !['gpl', 'lto=auto', 'version3'].includes(name))
    .sort()
}
