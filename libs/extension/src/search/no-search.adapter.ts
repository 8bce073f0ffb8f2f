import type { Environment } from '../environment/environment.port.js';
import { searchSwitchedOn } from './search-flags.js';
import { SearchService } from './search-service.port.js';
import { SearchUnavailableError } from './search.error.js';

/** A {@link SearchService} for servers that ask nobody: where a variable switches the tools on, they say so. */
export class NoSearch extends SearchService {
  private readonly enabled: boolean;

  constructor(environment: Environment) {
    super();
    this.enabled = searchSwitchedOn(environment);
  }

  override isFor(): boolean {
    return this.enabled;
  }

  web(): Promise<never> {
    return Promise.reject(new SearchUnavailableError());
  }

  code(): Promise<never> {
    return Promise.reject(new SearchUnavailableError());
  }
}
