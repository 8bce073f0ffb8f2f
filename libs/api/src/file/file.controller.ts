import { Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FileContent, type FileNode, FilePathQuery, type FileStatus } from '#libs/contract';
import { FileContentService, FileListService, FileStatusService } from '#libs/file';
import { CurrentInstance, InstanceScopeService, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { answers } from '../answers.js';

/** The files of an instance. */
@ApiTags('File')
@OpencodeController('file')
export class FileController {
  constructor(
    private readonly scope: InstanceScopeService,
    private readonly files: FileListService,
    private readonly contents: FileContentService,
    private readonly statuses: FileStatusService,
  ) {}

  @Get()
  @Operation({ id: 'file.list', summary: 'List a directory', answer: answers.fileNodes, errors: [400, 403] })
  async list(@CurrentInstance() instance: Instance, @Query() { path }: FilePathQuery): Promise<FileNode[]> {
    await this.requireAllowed(instance, path);
    return this.files.list(instance, path);
  }

  @Get('content')
  @Operation({ id: 'file.read', summary: 'Read a file', answer: answers.fileContent, errors: [400, 403, 413] })
  async read(@CurrentInstance() instance: Instance, @Query() { path }: FilePathQuery): Promise<FileContent> {
    await this.requireAllowed(instance, path);
    return this.contents.read(instance, path);
  }

  @Get('status')
  @Operation({ id: 'file.status', summary: 'List what changed since the last commit', answer: answers.fileStatuses })
  status(@CurrentInstance() instance: Instance): Promise<FileStatus[]> {
    return this.statuses.list(instance);
  }

  /** The worktree of an allowed directory may reach further than what is allowed. */
  private requireAllowed(instance: Instance, path: string): Promise<void> {
    return this.scope.requireAllowed(instance.resolve(`./${path}`));
  }
}
