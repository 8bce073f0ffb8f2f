import { Body, Delete, Param, Patch } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { BadRequestError, documentSchema, type Part, PartUnion, validateItem } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { PartService } from '#libs/session';
import { answers } from '../answers.js';
import { PartParams } from '../path-params.dto.js';

/** Single parts of messages. */
@ApiTags('Session')
@OpencodeController('session/:sessionID/message/:messageID/part')
export class SessionPartController {
  constructor(private readonly parts: PartService) {}

  @Patch(':partID')
  @ApiBody({ required: false, schema: documentSchema(PartUnion) })
  @Operation({ id: 'part.update', summary: 'Add or replace a part', answer: answers.part, errors: [400, 404, 409] })
  update(@CurrentInstance() instance: Instance, @Param() place: PartParams, @Body() body: unknown = {}): Promise<Part> {
    const { value, issues } = validateItem(PartUnion, body);
    if (issues) throw new BadRequestError(body, issues);
    return this.parts.save(instance, place, value);
  }

  @Delete(':partID')
  @Operation({ id: 'part.delete', summary: 'Delete a part', answer: answers.yes, errors: [400, 404, 409] })
  async remove(@CurrentInstance() instance: Instance, @Param() place: PartParams): Promise<boolean> {
    await this.parts.remove(instance, place);
    return true;
  }
}
