import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads ids of processes to watch (`+id`) and to forget (`-id`). Its input ends with the server, however that dies;
 * then it ends what is left: these processes with their descendants, groups and sessions. They are held still while it
 * looks, because once a parent is gone nothing tells any more where its children came from.
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

send() {
  for id in $watched; do kill "-$1" "-$id"; done
  for id in $found; do kill "-$1" "$id"; done
}
# id, parent, group and session of every process
list() {
  [ -e /proc/self/stat ] || exec ps -A -o pid= -o ppid= -o pgid=
  for stat in /proc/[0-9]*/stat; do
    { read -r line < "$stat"; } || continue
    set -- \${line##*) }
    echo "\${line%% *} $2 $3 $4"
  done
}
look() {
  table=$(list)
  known=
  while [ "$known" != "$found" ]; do
    known=$found
    while read -r id parent group session; do
      case $found in *" $id "*) continue ;; esac
      case $watched in *" $id "* | *" $group "* | *" $session "*) found="$found$id " ;; esac
      case $watched$found in *" $parent "*) found="$found$id " ;; esac
    done <<END
$table
END
  done
}
found=' '
send STOP
look
send TERM
send CONT
sleep 0.3
look
send KILL
send KILL
`;

let guard: ChildProcess | undefined;

/**
 * Has a process ended with all it started should this one die without a chance to do it (SIGKILL, a crash).
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
