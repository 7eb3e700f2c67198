// @ts-check
// The one place that says which Electron the app runs on: read by the tools before a start and by the app at its start.

/** Chrome 114 and Node 18.15: everything the app uses was written for and tried on these. */
export const OLDEST = 25
/** The newest major version that the app was tried on. */
export const NEWEST_TRIED = 45

/**
 * @typedef {object} ElectronVerdict
 * @property {'fits' | 'untried' | 'too-old' | 'unreadable'} verdict 'untried' is newer than the newest tried: started with a warning
 * @property {string} message what to tell the user; empty where the version fits
 */

/**
 * @param {string} version as in process.versions.electron, such as '25.1.1' or '46.0.0-beta.3'
 * @returns {ElectronVerdict}
 */
export function judgeElectron(version) {
  const major = Number(/^v?(\d+)\.\d+/.exec(version)?.[1] ?? Number.NaN)
  if (Number.isNaN(major))
    return { verdict: 'unreadable', message: `${JSON.stringify(version)} is not a version of Electron` }
  if (major < OLDEST)
    return {
      verdict: 'too-old',
      message: `Electron ${version} is too old: Unmask runs on ${OLDEST} to ${NEWEST_TRIED}. Use a newer one, such as the \`electron\` package of package-lock.json.`,
    }
  if (major > NEWEST_TRIED)
    return {
      verdict: 'untried',
      message: `Electron ${version} is newer than the newest that Unmask was tried on (${NEWEST_TRIED}); it is started all the same.`,
    }
  return { verdict: 'fits', message: '' }
}
