/** Where everything that the page loads comes from. */
export const APP_SCHEME = 'unmask'
export const MEDIA_SCHEME = 'unmask-media'
export const APP_ORIGIN = `${APP_SCHEME}://app`
export const APP_PAGE = `${APP_ORIGIN}/index.html`
