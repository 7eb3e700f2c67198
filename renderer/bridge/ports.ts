import type { PortDelivery } from '../../preload/contract'
import type { PortName } from '../../preload/contract/window'
import { bridge, unwrap } from './bridge'

function isDelivery(data: unknown, name: PortName): data is PortDelivery {
  return typeof data === 'object' && data !== null && (data as PortDelivery).unmaskPort === name
}

/**
 * A fresh port to a helper process, which main starts where it does not run.
 * @throws FaultError when main refuses
 */
export async function openPort(name: PortName): Promise<MessagePort> {
  const delivery = new Promise<MessagePort>((resolve) => {
    const receive = (event: MessageEvent<unknown>) => {
      const port = event.ports[0]
      if (event.source !== window || !isDelivery(event.data, name) || !port) return
      window.removeEventListener('message', receive)
      resolve(port)
    }
    window.addEventListener('message', receive)
  })
  unwrap(await bridge().openPort({ name }))
  return delivery
}
