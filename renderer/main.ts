import './design/tokens.css'
import './design/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { followTheme } from './design/theme'
import { useSettingsStore } from './stores/settings'
import { useToastStore } from './stores/toasts'

async function start(): Promise<void> {
  followTheme()
  const app = createApp(App).use(createPinia())
  // Colours and keys must be right from the first picture on.
  await useSettingsStore()
    .load()
    .catch((error: unknown) => useToastStore().report(error))
  app.mount('#app')
}

void start()
