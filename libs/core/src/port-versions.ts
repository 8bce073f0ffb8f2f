import type { FactoryProvider } from '@nestjs/common';
import {
  Authenticator,
  BootError,
  Clock,
  CredentialStore,
  Environment,
  MessageStore,
  PackageInstaller,
  PermissionPolicy,
  type Port,
  PORT_SPECIFICATION,
  ProcessRunner,
  ProjectStore,
  RunClaimStore,
  SearchService,
  SessionStore,
  ShareService,
  TodoStore,
} from '#libs/extension';

const PORTS = [
  ...[Authenticator, Clock, CredentialStore, Environment, PackageInstaller, PermissionPolicy, ProcessRunner],
  ...[SearchService, ShareService, MessageStore, ProjectStore, RunClaimStore, SessionStore, TodoStore],
];

/** Ends the start when a port is implemented for another version of it. */
export const portVersions: FactoryProvider = {
  provide: Symbol('PortVersions'),
  inject: PORTS.map((token) => ({ token, optional: true })),
  useFactory: (...found: (Port | undefined)[]) => {
    for (const [index, port] of found.entries()) {
      const version = port?.specificationVersion ?? PORT_SPECIFICATION;
      if (version !== PORT_SPECIFICATION)
        throw new BootError(
          `${port?.constructor.name} was made for ${PORTS[index]?.name} of version "${version}"; this package has ` +
            `"${PORT_SPECIFICATION}". Extend ${PORTS[index]?.name} of the installed opencode-nest.`,
        );
    }
    return PORT_SPECIFICATION;
  },
};
