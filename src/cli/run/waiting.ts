import { styleText } from 'node:util';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const INTERVAL = 100;

/** Shows that something is going on and for how long, while nothing else is printed; on a terminal only. */
export class Waiting {
  private timer?: NodeJS.Timeout;

  begin(): void {
    if (!process.stderr.isTTY || this.timer) return;
    const since = Date.now();
    let frame = 0;
    this.timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - since) / 1000);
      const text = `${FRAMES[frame++ % FRAMES.length]} ${seconds} s`;
      process.stderr.write(`\r${styleText('dim', text, { stream: process.stderr })}`);
    }, INTERVAL).unref();
  }

  pause(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    process.stderr.write('\r\u001b[K');
  }
}
