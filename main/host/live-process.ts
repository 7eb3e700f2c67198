import { LiveDesk } from './live/live-desk'
import { fromUtilityPort, openParentPort } from './server-ports'

/** The live process of the app: reads faces and voices from camera and microphone while the Live view is open. */
function startLive(): void {
  const desk = new LiveDesk()
  openParentPort().on('message', ({ data, ports }) => desk.obey(data, ports.map(fromUtilityPort)))
}

startLive()
