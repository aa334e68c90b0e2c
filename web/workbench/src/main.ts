import '@macaw/ui/tokens.css';
import '@macaw/ui/base.css';
import './state/theme.ts';
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router.ts';

createApp(App).use(router).mount('#app');
