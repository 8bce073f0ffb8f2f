export { RegisteredTool } from './registered-tool.js';
export { InvalidToolInputError } from './tool.error.js';
export { ToolModule } from './tool.module.js';
export { ToolRegistry } from './tool.registry.js';
