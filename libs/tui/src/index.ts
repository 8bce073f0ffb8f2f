export { TuiModule } from './tui.module.js';
