/** The range of Electron that the app runs on; the tools that find and start Electron read the same file. */
export { judgeElectron, NEWEST_TRIED, OLDEST, type ElectronVerdict } from '../tools/electron-range.mjs'
