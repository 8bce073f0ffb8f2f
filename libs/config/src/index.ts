export { ConfigModule } from './config.module.js';
export { ConfigService } from './config.service.js';
export { ProblemService } from './problem.service.js';
export { SkillService } from './skills/skill.service.js';
