import type { ProjectClip } from '../../../preload/contract/project'
import type { IconName } from '../../components/icons'
import { t } from '../../strings'

export interface MenuItem {
  readonly id: string
  readonly text: string
  readonly icon: IconName
  readonly isDanger?: boolean
}

/** What can be done with the selected clips. */
export function clipMenuItems(clips: readonly ProjectClip[]): MenuItem[] {
  const count = clips.length
  const [only] = count === 1 ? clips : []
  const isActive = clips.some(({ status }) => status === 'queued' || status === 'running')
  const labelable = clips.filter(
    ({ status }) => status !== 'missing' && status !== 'queued' && status !== 'running',
  )
  const areDone = labelable.length > 0 && labelable.every(({ status }) => status === 'done')
  const items: (MenuItem | false)[] = [
    // What was not labelled can be played all the same.
    only !== undefined &&
      only.status !== 'missing' && { id: 'open', text: t('library.open'), icon: 'analyse' },
    labelable.length > 0 && {
      id: 'label',
      text: t(areDone ? 'library.labelAgain' : 'library.labelSelected', { count: labelable.length }),
      icon: 'batch',
    },
    isActive && { id: 'cancel', text: t('library.cancel'), icon: 'stop' },
    only?.status === 'missing' && { id: 'relink', text: t('library.relink'), icon: 'search' },
    only !== undefined &&
      only.status !== 'missing' && { id: 'reveal', text: t('library.reveal'), icon: 'folder' },
    count > 0 && { id: 'remove', text: t('library.remove', { count }), icon: 'trash', isDanger: true },
  ]
  return items.filter((item): item is MenuItem => item !== false)
}
