export { TuiControl, type TuiRequestOptions } from './tui-control.service.js';
export { TuiModule } from './tui.module.js';
export { TuiService } from './tui.service.js';
