import { Module } from '@nestjs/common';
import { ConfigModule } from '#libs/config';
import { ProjectModule } from '#libs/project';
import { FileChangesService } from './content/file-changes.service.js';
import { FileContentService } from './content/file-content.service.js';
import { FileListService } from './list/file-list.service.js';
import { FileSearchService } from './name-index/file-search.service.js';
import { NameIndexService } from './name-index/name-index.service.js';
import { NameScanner } from './name-index/name-scanner.service.js';
import { RipgrepModule } from './ripgrep/ripgrep.module.js';
import { TextSearchService } from './search/text-search.service.js';
import { FileStatusService } from './status/file-status.service.js';
import { FileWatchService } from './watch/file-watch.service.js';

/** What clients see of the files of a project. Needs what {@link ProjectModule} needs. */
@Module({
  imports: [ConfigModule, ProjectModule, RipgrepModule],
  providers: [
    FileChangesService,
    FileContentService,
    FileListService,
    FileSearchService,
    FileStatusService,
    FileWatchService,
    NameIndexService,
    NameScanner,
    TextSearchService,
  ],
  exports: [FileContentService, FileListService, FileSearchService, FileStatusService, TextSearchService],
})
export class FileModule {}
