import { fromUtilityPort, openParentPort } from './server-ports'
import { Viewer } from './viewer/viewer'

/**
 * The viewer process of the app: reads results, sound and pictures of clips for the window. It loads no network, so that it
 * starts at once and may be ended at any time.
 */
function startViewer(): void {
  const main = openParentPort()
  const viewer = new Viewer((reply) => main.postMessage(reply))
  main.on('message', ({ data, ports }) => viewer.obey(data, ports.map(fromUtilityPort)))
}

startViewer()
