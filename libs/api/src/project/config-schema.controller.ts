import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { configSchema } from '#libs/config';
import { item } from '#libs/contract';
import { OpencodeController, Operation } from '#libs/http';

/** The form of configuration files. The reference has no such route: its schema is a page of its web site. */
@ApiTags('Config')
@OpencodeController('config/schema', { instance: false })
export class ConfigSchemaController {
  @Get()
  @Operation({
    id: 'config.schema',
    summary: 'Get the JSON Schema of configuration files',
    answer: item.record(item.any()),
  })
  schema(): Record<string, unknown> {
    return configSchema();
  }
}
