export { RegisteredTool } from './registered-tool.js';
export { LiveOutput, shownOutput } from './bash/live-output.js';
export { findShell } from './bash/shell.js';
export { cutText } from './output/limit-output.js';
export { PlanFileService } from './plan/plan-file.service.js';
export { TaskTool } from './task/task.tool.js';
export { ToolModule } from './tool.module.js';
export { ToolDefinitions } from './tool-definitions.service.js';
export { ToolRegistry } from './tool.registry.js';
