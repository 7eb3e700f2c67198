import { useCommands } from '../../keys/command-bus'
import { useNavigationStore } from '../../stores/navigation'
import { useProjectStore } from '../../stores/project'

/** What the File menu does, whatever view is shown; call once, where the window lives. */
export function useProjectCommands(): void {
  const store = useProjectStore()
  const navigation = useNavigationStore()
  const inLibrary = (task: () => Promise<void>) => () => {
    navigation.show('library')
    void task()
  }
  useCommands({
    'project.create': inLibrary(() => store.create()),
    'project.open': inLibrary(() => store.choose()),
    'project.addClips': inLibrary(() => store.addClips()),
    'project.addFolder': inLibrary(() => store.addFolder()),
    'project.close': inLibrary(() => store.close()),
  })
}
