import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import type {MeasuredMachine} from '../../records/machine.ts';
import {runTool} from '../machine/run-tool.ts';
import {type Cluster, namespace} from '../setup/cluster.ts';

/** Machine of a pod, and the clock of its fastest core [MHz]. */
type DescribedMachine = {readonly machine: MeasuredMachine; readonly clockMHz?: number};

const script = `field() { sed -n "s/^$1[^:a-z]*: //p" /proc/cpuinfo | head -n 1; }
echo "family=$(field 'cpu family')"
echo "model=$(field model)"
echo "stepping=$(field stepping)"
echo "processor=$(field 'model name')"
echo "clock=$(sed -n 's/^cpu MHz[^:]*: //p' /proc/cpuinfo | sort -n | tail -n 1)"
echo "cores=$(grep -c '^processor' /proc/cpuinfo)"
echo "memory=$(sed -n 's/^MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)"
echo "kernel=$(uname -r)"`;

type Asked = {readonly pod: string; readonly container: string; readonly signal: AbortSignal};

/** Describes the machine that a pod is on; undefined where its kernel does not say how large it is. */
export async function describeMachine(cluster: Cluster, asked: Asked): Promise<DescribedMachine | undefined> {
	const {pod, container, signal} = asked;
	const words = ['--kubeconfig', cluster.kubeconfig, '--namespace', namespace, 'exec', pod, '--container', container];
	const said = await runTool('kubectl', [...words, '--', 'sh', '-c', script], {signal, timeout: 60});
	const id = idOf(await machineId(cluster, pod));
	return readMachine(said, id);
}

/**
 * Reads the lines of a machine: `processor=…`, `family=…`, `model=…`, `stepping=…`, `clock=…`, `cores=…`, `memory=…` in KiB,
 * `kernel=…`. What the kernel does not say is left out. Hypervisors give processors of several generations one name, so their
 * numbers are a part of it.
 */
export function readMachine(said: string, id?: string): DescribedMachine | undefined {
	const lines = said.split('\n').map(line => /^(\w+)=(.+)$/.exec(line.trim()));
	const words = new Map(lines.flatMap(line => (line === null ? [] : [[line[1]!, line[2]!.trim()] as const])));
	const [cores, memory, clock] = ['cores', 'memory', 'clock'].map(name => Number(words.get(name)));
	const numbers = ['family', 'model', 'stepping'].flatMap(name => {
		const number = words.get(name);
		return number === undefined ? [] : [`${name} ${number}`];
	});
	const named = [words.get('processor') ?? [], numbers.length === 0 ? [] : numbers.join(' ')].flat();
	const processor = named.length === 0 ? undefined : named.join(', ');
	const kernel = words.get('kernel');
	if (!(cores! > 0) || !(memory! > 0)) {
		return undefined;
	}

	return {
		machine: {
			...(processor !== undefined && {processor}),
			cores: cores!,
			memoryBytes: memory! * 1024,
			...(kernel !== undefined && {kernel}),
			...(id !== undefined && {id}),
		},
		...(clock! > 0 && {clockMHz: clock!}),
	};
}

/**
 * Identity of the machine: this one's where the nodes are containers of it, else the one that the node's kubelet reports. A
 * node of kind reports one of its own.
 */
async function machineId({nodes, api}: Cluster, pod: string): Promise<string | undefined> {
	if (nodes.length > 0) {
		const path = ['/etc/machine-id', '/var/lib/dbus/machine-id'].find(file => existsSync(file));
		return path === undefined ? undefined : readFileSync(path, 'utf8').trim();
	}

	const {spec} = await api.get<{spec: {nodeName?: string}}>(`/api/v1/namespaces/${namespace}/pods/${pod}`);
	const node = await api
		.get<{status?: {nodeInfo?: {machineID?: string}}}>(`/api/v1/nodes/${spec.nodeName}`)
		.catch(() => undefined); // a cluster whose nodes may not be read
	return node?.status?.nodeInfo?.machineID;
}

/** Digest: the identity itself should not leave the machine, by machine-id(5) of systemd. */
function idOf(identity: string | undefined): string | undefined {
	return identity === undefined || identity === ''
		? undefined
		: createHash('sha256').update(`replicast ${identity}`).digest('hex').slice(0, 12);
}
