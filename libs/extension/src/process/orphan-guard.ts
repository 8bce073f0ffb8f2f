import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads ids of processes to watch (`+id`) and to forget (`-id`). Its input ends with the server, however that dies;
 * then it ends what is left: the groups of these processes, and where the system tells, their sessions.
 */
const SCRIPT = `
trap '' HUP INT TERM
watched=' '
while read -r line; do
  id=\${line#?}
  case $line in
    +*) watched="$watched$id " ;;
    -*) watched="\${watched%% $id *} \${watched#* $id }" ;;
  esac
done
[ -n "\${watched# }" ] || exit 0
end() {
  for id in $watched; do kill "-$1" "-$id"; done
  for stat in /proc/[0-9]*/stat; do
    { read -r line < "$stat"; } || continue
    pid=\${line%% *}
    set -- "$1" \${line##*) }
    case $watched in *" $5 "*) kill "-$1" "$pid" ;; esac
  done
}
end TERM
sleep 0.3
end KILL
end KILL
`;

let guard: ChildProcess | undefined;

/**
 * Has a process ended with its group and session should this one die without a chance to do it (SIGKILL, a crash).
 * Returns what calls it off.
 */
export function guardAgainstOrphans(pid: number): () => void {
  if (process.platform === 'win32') return () => undefined;
  guard ??= start();
  const own = guard;
  own.stdin?.write(`+${pid}\n`);
  return () => {
    own.stdin?.write(`-${pid}\n`);
  };
}

function start(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    // a group of its own: what is meant for the server must not reach it
    detached: true,
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  // it must not keep the server alive
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
