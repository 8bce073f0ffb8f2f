import { type ChildProcess, spawn } from 'node:child_process';

/** A variable whose value tells of a process, also of a daemon whose parents are gone, by whom it was started. */
export const MARK = 'OPENCODE_OWNED';

/**
 * Reads ids of processes to watch (`+id`, with their mark when they have one) and to forget (`-id`). Its input ends with
 * the server, however that dies; then it ends what is left: these processes with their descendants, groups and sessions.
 * They are held still while it looks, because once a parent is gone nothing but the mark tells any more where its
 * children came from; those that ended with their input are gone before.
 */
const SCRIPT = `
trap '' HUP INT TERM
watched=' '
marks=' '
while read -r word mark; do
  id=\${word#?}
  case $word in
    +*) watched="$watched$id "; marks="$marks\${mark:+$id:$mark }" ;;
    -*)
      watched="\${watched%% $id *} \${watched#* $id }"
      case $marks in *" $id:"*) rest=\${marks#* $id:}; marks="\${marks%% $id:*} \${rest#* }" ;; esac
      ;;
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
patterns=
for mark in $marks; do patterns="$patterns -e ${MARK}=\${mark#*:}"; done
marked() {
  [ -n "$patterns" ] && grep -lsF $patterns /proc/[0-9]*/environ
}
look() {
  for path in $(marked); do
    id=\${path#/proc/} id=\${id%%/*}
    case $found in *" $id "*) ;; *) found="$found$id " ;; esac
  done
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
 * @param mark the value of its variable {@link MARK}
 */
export function guardAgainstOrphans(pid: number, mark = ''): () => void {
  if (process.platform === 'win32') return () => undefined;
  guard ??= start();
  const own = guard;
  own.stdin?.write(`+${pid} ${mark}\n`);
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
  child.once('exit', () => {
    if (guard === child) guard = undefined;
  });
  child.stdin.on('error', () => undefined);
  // it must not keep the server alive
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
