export { RegisteredTool } from './registered-tool.js';
export { LiveOutput } from './bash/live-output.js';
export { findShell } from './bash/shell.js';
export { cutText } from './output/limit-output.js';
export { InvalidToolInputError } from './tool.error.js';
export { TaskTool } from './task/task.tool.js';
export { ToolModule } from './tool.module.js';
export { ToolRegistry } from './tool.registry.js';
