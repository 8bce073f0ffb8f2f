import { Injectable } from '@nestjs/common';
import { NotFoundError, type TuiEvent, type TuiToastShowProperties } from '#libs/contract';
import { EventBus } from '#libs/event';
import { SessionStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { commandOf } from './tui-command.js';

/** Milliseconds a toast stays when nobody says how long. */
const TOAST_DURATION = 5_000;

/**
 * Tells the terminal clients of an instance what to do. They listen to its events; whether one is there, and does it,
 * is not known.
 * @publicApi
 */
@Injectable()
export class TuiService {
  constructor(
    private readonly bus: EventBus,
    private readonly sessions: SessionStore,
  ) {}

  /** Adds text to the prompt, at the cursor. */
  appendPrompt(instance: Instance, text: string): void {
    this.bus.publish(instance, 'tui.prompt.append', { text });
  }

  /** @param command a name of the client, such as `session.list`. */
  command(instance: Instance, command: string): void {
    this.bus.publish(instance, 'tui.command.execute', { command });
  }

  /** The same by the names of the HTTP route, such as `session_new`. Throws a BadRequestError for unknown ones. */
  executeCommand(instance: Instance, name: string): void {
    this.command(instance, commandOf(name));
  }

  showToast(instance: Instance, toast: TuiToastShowProperties): void {
    this.bus.publish(instance, 'tui.toast.show', { ...toast, duration: toast.duration ?? TOAST_DURATION });
  }

  /** Rejects with a NotFoundError when there is no such session. */
  async selectSession(instance: Instance, sessionID: string): Promise<void> {
    if (!(await this.sessions.find(sessionID))) throw new NotFoundError(`Session not found: ${sessionID}`);
    this.bus.publish(instance, 'tui.session.select', { sessionID });
  }

  /** Passes on an event that was made elsewhere, as it is. */
  publish(instance: Instance, { type, properties }: TuiEvent): void {
    this.bus.publish(instance, type, properties);
  }
}
