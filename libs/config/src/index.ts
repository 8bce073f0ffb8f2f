export { ConfigModule } from './config.module.js';
export { ConfigService } from './config.service.js';
export { ConfigEditor } from './edit/config-editor.service.js';
export { ProblemService } from './problem.service.js';
export { ConfigReload } from './reload/config-reload.service.js';
export { RemoteConfig } from './remote/remote-config.service.js';
export { configSchema } from './schema/config-schema.js';
export { SkillService } from './skills/skill.service.js';
