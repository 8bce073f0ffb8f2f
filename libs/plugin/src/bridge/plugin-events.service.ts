import { Injectable, Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';
import { asError } from '../load/foreign-error.js';
import { hookOf, type LoadedPlugin } from '../load/reference-plugin.js';

interface Listener {
  name: string;
  hear: (input: { event: unknown }) => unknown;
}

/** Tells plugins of every event of their instance, behind everybody else's back: none of them holds up a run. */
@Injectable()
export class PluginEvents {
  private readonly log = new Logger('Plugins');

  constructor(private readonly bus: EventBus) {}

  /** Until the instance ends: `server.instance.disposed` is the last event. */
  connect(instance: Instance, plugins: readonly LoadedPlugin[]): Subscription | undefined {
    const listeners = plugins.flatMap((plugin): Listener[] => {
      const hear = hookOf<Listener['hear']>(plugin, 'event');
      return hear ? [{ name: plugin.name, hear }] : [];
    });
    if (listeners.length === 0) return undefined;
    const waiting: string[] = [];
    const deliver = () => {
      for (const text of waiting.splice(0)) for (const listener of listeners) void this.tell(listener, text);
    };
    return this.bus.instance$(instance).subscribe(({ text }) => {
      if (waiting.push(text) === 1) setImmediate(deliver);
    });
  }

  /** Each listener gets an event of its own: what it does to it changes nothing. */
  private async tell({ name, hear }: Listener, text: string): Promise<void> {
    try {
      await hear({ event: JSON.parse(text) as unknown });
    } catch (error) {
      this.log.warn(`The plugin ${name} failed to take an event: ${asError(error).message}`);
    }
  }
}
