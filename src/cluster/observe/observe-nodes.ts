import {createInterface} from 'node:readline';
import {execa} from 'execa';
import {unixNow} from './clock.ts';
import type {JournalEntry, PodEntry} from './entry.ts';

const periodSeconds = 5;

/*
 * Runs inside the node for as long as standard input stays open, and mostly in the shell itself, so that it takes no
 * time from the pods. `N` has the ticks of all cores, `P` the pressure of a resource where the kernel counts it (total in
 * microseconds: Documentation/accounting/psi.rst, Linux 5.2), `C` a container's counters: cgroup v2 counts microseconds in
 * cpu.stat, v1 nanoseconds in cpu.stat and cpuacct.usage.
 */
const script = `
root=/sys/fs/cgroup; [ -e $root/cgroup.controllers ] || root=$root/cpu
while :; do
  echo "T $EPOCHREALTIME"
  read -r line </proc/stat; echo "N $line"
  for what in cpu memory io; do
    { read -r line </proc/pressure/$what && echo "P $what \${line##*total=}"; } 2>/dev/null
  done
  for file in $(find $root/ -path '*kubepods*' -name cpu.stat); do
    dir=\${file%/*}; id=\${dir##*/}; id=\${id#cri-containerd-}; id=\${id%.scope}
    [ \${#id} -eq 64 ] || continue
    p=0 t=0 d=0 u=0
    while read -r key value; do
      case $key in
        nr_periods) p=$value ;; nr_throttled) t=$value ;;
        throttled_usec) d=\${value}000 ;; throttled_time) d=$value ;;
        usage_usec) u=\${value}000 ;;
      esac
    done <$file 2>/dev/null
    for usage in $dir/cpuacct.usage \${dir/#$root//sys/fs/cgroup/cpuacct}/cpuacct.usage; do
      [ $u = 0 ] && [ -e $usage ] && read -r u <$usage
    done 2>/dev/null
    echo "C $id $p $t $d $u"
  done
  read -r -t ${periodSeconds} _; [ $? -gt 128 ] || exit 0
done
`;

type NodeObserver = {
	readonly nodes: readonly string[];
	readonly pods: ReadonlyMap<string, PodEntry>;
	readonly write: (entry: JournalEntry) => void;
	readonly signal: AbortSignal;
};

/** Reads the nodes' ticks and the throttling of the pods' containers every few seconds, through docker. */
export async function observeNodes({nodes, pods, write, signal}: NodeObserver): Promise<void> {
	await Promise.all(nodes.map(async node => observeNode(node, {pods, write, signal})));
}

async function observeNode(node: string, {pods, write, signal}: Omit<NodeObserver, 'nodes'>): Promise<void> {
	const child = execa('docker', ['exec', '--interactive', node, 'bash', '-c', script], {
		stdin: 'pipe',
		buffer: false,
		reject: false,
		cancelSignal: signal,
	});
	let at = unixNow();
	for await (const line of createInterface({input: child.stdout})) {
		const [kind, ...words] = line.split(' ');
		if (kind === 'T') {
			at = Number(words[0]);
		} else if (kind === 'N') {
			write({type: 'node', at, node, ...ticksOf(words.slice(1))});
		} else if (kind === 'P') {
			writePressure(words, {at, node, write});
		} else if (kind === 'C') {
			writeCounters(words, {at, pods, write});
		}
	}

	await child;
}

const resources = ['cpu', 'memory', 'io'] as const;

function writePressure(
	[resource, total]: readonly string[],
	{at, node, write}: {at: number; node: string} & Pick<NodeObserver, 'write'>,
): void {
	const known = resources.find(name => name === resource);
	const stalled = Number(total) / 1e6;
	if (known !== undefined && Number.isFinite(stalled)) {
		write({type: 'pressure', at, node, resource: known, stalled});
	}
}

/** Fields of `cpu` in /proc/stat: user nice system idle iowait irq softirq steal; guest time is in user already. */
function ticksOf(words: readonly string[]): {busy: number; steal: number; total: number} {
	const ticks = words
		.filter(word => word !== '')
		.slice(0, 8)
		.map(Number);
	const [, , , idle = 0, iowait = 0, , , steal = 0] = ticks;
	const total = ticks.reduce((sum, value) => sum + value, 0);
	return {busy: total - idle - iowait, steal, total};
}

function writeCounters(
	[id = '', ...counters]: readonly string[],
	{at, pods, write}: {at: number} & Pick<NodeObserver, 'pods' | 'write'>,
): void {
	const [periods = 0, throttledPeriods = 0, throttled = 0, usage = 0] = counters.map(Number);
	for (const {view, containers} of pods.values()) {
		const container = containers.find(state => state.id === id);
		if (container !== undefined) {
			const seconds = {throttledSeconds: throttled / 1e9, usageSeconds: usage / 1e9};
			write({type: 'cpu', at, pod: view.name, container: container.name, id, periods, throttledPeriods, ...seconds});
		}
	}
}
