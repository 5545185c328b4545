import {hostname} from 'node:os';
import process from 'node:process';
import {UserError} from '../../errors.ts';
import {isRunning} from '../../store/disk/stale-folders.ts';
import {type KubeApi, KubeRefusal} from '../api/kube-api.ts';
import {unixNow} from '../observe/clock.ts';
import {namespace} from './cluster.ts';

/*
 * Two replays on one cluster would measure each other. So each holds a Lease while it is at it, as controllers do, and
 * renews it: one that a killed replay left is free again after a while, or at once where its process is seen to be gone.
 */

type Lease = {
	readonly metadata: {readonly name: string; readonly namespace: string; readonly resourceVersion?: string};
	readonly spec: {
		readonly holderIdentity?: string;
		readonly leaseDurationSeconds?: number;
		readonly acquireTime?: string;
		readonly renewTime?: string;
	};
};

/** Name of a Lease, and its purpose, as in `Expected no other replay`. */
type LeaseName = {readonly namespace: string; readonly name: string; readonly what: string};

const replayLease: LeaseName = {namespace, name: 'replay', what: 'replay'};

/** How long a Lease holds, and how often it is renewed [s]. */
const times = {duration: 60, renewal: 15} as const;

/** Holder of a Lease: `machine process 123`. */
export function holderOf(pid: number): string {
	return `${hostname()} process ${pid}`;
}

type Api = Pick<KubeApi, 'find' | 'send' | 'remove'>;

type Holding = {
	readonly api: Api;
	/** Name of the cluster. */
	readonly name: string;
	readonly lease?: LeaseName;
};

/**
 * Keeps other replays off a cluster until it is released. Taking it a second time in one process is no fault.
 *
 * @returns what releases it
 * @throws {UserError} E_CLUSTER when another replay is at it
 */
export async function holdCluster({api, name: cluster, lease = replayLease}: Holding) {
	const since = microTime();
	let version = await take({api, name: cluster, lease}, since);
	const renew = async () => {
		version = await write(api, lease, {since, resourceVersion: version});
	};
	const timer = setInterval(() => {
		void renew().catch((error: unknown) => {
			if (isConflict(error)) {
				clearInterval(timer); // it is another one's by now; any other failure is tried again
			}
		});
	}, times.renewal * 1000).unref();
	return async (): Promise<void> => {
		clearInterval(timer);
		await api.remove(pathOf(lease), {preconditions: {resourceVersion: version}}).catch((error: unknown) => {
			if (!isConflict(error)) {
				throw error;
			}
		});
	};
}

/** Writes the Lease unless it is held; tried twice, as somebody may write it in between. */
async function take({api, name: cluster, lease}: Required<Holding>, since: string): Promise<string | undefined> {
	for (const isLast of [false, true]) {
		const there = await api.find<Lease>(pathOf(lease));
		if (there !== undefined && isHeld(there)) {
			throw heldBy(cluster, lease, there);
		}

		try {
			return await write(api, lease, {since, resourceVersion: there?.metadata.resourceVersion});
		} catch (error) {
			if (!isConflict(error) || isLast) {
				throw error;
			}
		}
	}

	return undefined;
}

/** By another process, which is not known to be gone. */
function isHeld({spec: {holderIdentity = '', renewTime = '', leaseDurationSeconds = times.duration}}: Lease): boolean {
	const pid = Number(/ process (\d+)$/.exec(holderIdentity)?.[1]);
	const isHere = holderIdentity === holderOf(pid);
	const isGone = isHere && (pid === process.pid || !isRunning(pid));
	return holderIdentity !== '' && !isGone && Date.parse(renewTime) / 1000 + leaseDurationSeconds > unixNow();
}

/** @returns the version that was written */
async function write(
	api: Api,
	lease: LeaseName,
	{since, resourceVersion}: {readonly since: string; readonly resourceVersion: string | undefined},
): Promise<string | undefined> {
	const {name, namespace} = lease;
	const body = {
		apiVersion: 'coordination.k8s.io/v1',
		kind: 'Lease',
		metadata: {name, namespace, ...(resourceVersion !== undefined && {resourceVersion})},
		spec: {
			holderIdentity: holderOf(process.pid),
			leaseDurationSeconds: times.duration,
			acquireTime: since,
			renewTime: microTime(),
		},
	} satisfies Lease & Record<string, unknown>;
	const isNew = resourceVersion === undefined;
	const path = isNew ? leasesOf(lease) : pathOf(lease);
	const answer = await api.send(path, {method: isNew ? 'POST' : 'PUT', body});
	return (JSON.parse(answer) as Lease).metadata.resourceVersion;
}

/** Now, as the API wants it: with microseconds. */
function microTime(): string {
	return `${new Date(unixNow() * 1000).toISOString().slice(0, -1)}000Z`;
}

/** Somebody wrote it in between, made it first, or took it away. */
function isConflict(error: unknown): boolean {
	return error instanceof KubeRefusal && (error.status === 409 || error.status === 404);
}

function leasesOf({namespace}: LeaseName): string {
	return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
}

function pathOf(lease: LeaseName): string {
	return `${leasesOf(lease)}/${lease.name}`;
}

function heldBy(cluster: string, {what}: LeaseName, {spec: {holderIdentity, acquireTime}}: Lease): UserError {
	return new UserError(
		'E_CLUSTER',
		`Expected no other ${what} on ${cluster}, got the one of ${holderIdentity}, since ${acquireTime}; if it was killed, its claim ends after ${times.duration} s`,
	);
}
