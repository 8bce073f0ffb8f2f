export { MemoryStorageModule } from './memory/memory-storage.module.js';
export { MemoryStores } from './memory/memory-stores.js';
export { MissingOwnerError } from './missing-owner.error.js';
export { DATABASE_FILE_NAME, SqliteStorageModule } from './sqlite/sqlite-storage.module.js';
export type { Stores } from './stores.js';
export { type OpenRunClaims, type RunClaimServers, runClaimContract } from './testing/run-claim-contract.js';
export { storageContract, type OpenStorage } from './testing/storage-contract.js';
