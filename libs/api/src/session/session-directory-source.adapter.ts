import { Injectable } from '@nestjs/common';
import { WireError } from '#libs/contract';
import { DirectorySource } from '#libs/http';
import { SessionService } from '#libs/session';

/** Routes of a session work in the session's own directory, whatever the client names. */
@Injectable()
export class SessionDirectorySource extends DirectorySource {
  constructor(private readonly sessions: SessionService) {
    super();
  }

  async directory({ sessionID }: Readonly<Record<string, string>>): Promise<string | undefined> {
    if (sessionID === undefined) return undefined;
    try {
      return (await this.sessions.get(sessionID)).directory;
    } catch (error) {
      // the handler says what is wrong with an unknown session
      if (WireError.is(error) && error.status === 404) return undefined;
      throw error;
    }
  }
}
