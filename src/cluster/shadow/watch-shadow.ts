import {setTimeout as sleep} from 'node:timers/promises';
import {hypotheticalHpaSpecOf} from '../../autoscaler/hpa-manifest.ts';
import {HypotheticalSpec} from '../../autoscaler/hpa-schema.ts';
import {UserError} from '../../errors.ts';
import type {MetricsSighting, Sighting} from '../../shadow/sighting.ts';
import type {KubeApi} from '../api/kube-api.ts';
import {readLiveMetrics} from '../live/live-metrics.ts';
import type {LiveHpa, LiveMetadata, LiveMetricSpec, LivePod} from '../live/live-objects.ts';
import {podView, unixSeconds} from '../live/live-views.ts';
import {unixNow} from '../observe/clock.ts';
import {watchList} from '../observe/watch-list.ts';
import type {LiveScaledObject, LiveTarget, ShadowSubject} from './open-shadow.ts';

type WatchShadow = {
	readonly see: (sighting: Sighting) => void;
	/** Metrics of a second manifest, which are asked for as well. */
	readonly more: readonly LiveMetricSpec[];
	/** Time until the metrics are asked for again [s]. */
	readonly pace: () => number;
	readonly signal: AbortSignal;
};

type Named = {metadata: LiveMetadata & {resourceVersion?: string}};

/** Watches an HPA, its target and its pods, and asks for its metrics, until the signal aborts. The cluster is only read. */
export async function watchShadow(api: KubeApi, subject: ShadowSubject, options: WatchShadow): Promise<void> {
	const {watches, first} = subject;
	const {see, signal} = options;
	const onBreak = {
		onLost: () => see({type: 'lost', at: unixNow()}),
		onGap: (seconds: number) => see({type: 'gap', at: unixNow(), seconds}),
	};
	let metrics = first.hpa.spec.metrics ?? [];
	const seeHpa = (hpa: LiveHpa) => {
		metrics = hpa.spec.metrics ?? [];
		see(hpaSighting(hpa));
	};
	let fail: (fault: unknown) => void = () => undefined;
	const fault = new Promise<never>((_, reject) => {
		fail = reject;
	});
	const seePods = podsReporter(see);
	seePods.all(first.pods);
	if (first.scaledObject !== undefined) {
		see(scaledObjectSighting(first.scaledObject));
	}

	see(scaleSighting(first.target));
	seeHpa(first.hpa);
	const watching = Promise.all([
		watchList<LiveHpa & Named>(api, {
			...watches.hpa,
			signal,
			...onBreak,
			onChange(change, hpa) {
				try {
					change === 'gone' ? see({type: 'gone', at: unixNow()}) : seeHpa(hpa);
				} catch (error) {
					fail(error); // a watch begins again after any other fault
				}
			},
		}),
		watchList<LiveTarget & Named>(api, {
			...watches.target,
			signal,
			...onBreak,
			onChange: (change, target) => (change === 'gone' ? undefined : see(scaleSighting(target))),
		}),
		watchList<LivePod & Named>(api, {...watches.pods, signal, ...onBreak, onChange: seePods.change}),
		watches.scaledObject === undefined
			? undefined
			: watchList<LiveScaledObject & Named>(api, {
					...watches.scaledObject,
					signal,
					...onBreak,
					onChange: (_, scaledObject) => see(scaledObjectSighting(scaledObject)),
				}),
		askForMetrics(api, subject, {...options, wanted: () => merged(metrics, options.more)}),
	]);
	await Promise.race([watching, fault]);
}

/** @throws {UserError} E_CLUSTER for an HPA whose fields are not known */
function hpaSighting({spec, status = {}, metadata}: LiveHpa): Sighting {
	const parsed = HypotheticalSpec.safeParse(spec);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const path = issue?.path.join('.') ?? '';
		throw new UserError(
			'E_CLUSTER',
			`Expected ${path} of the HPA ${metadata.name} to be ${issue?.message}, got another`,
		);
	}

	const written = latest((metadata.managedFields ?? []).filter(({subresource}) => subresource === 'status'));
	const time = written?.time === undefined ? Number.NaN : unixSeconds(written.time);
	return {
		type: 'hpa',
		at: unixNow(),
		spec: hypotheticalHpaSpecOf(parsed.data),
		status,
		...(!Number.isNaN(time) && {written: time}),
		...(written?.manager !== undefined && {by: written.manager}),
	};
}

function scaleSighting({metadata, spec, status}: LiveTarget): Sighting {
	const writers = (metadata.managedFields ?? []).filter(({fieldsV1}) => {
		const owned = fieldsV1?.['f:spec'];
		return typeof owned === 'object' && owned !== null && 'f:replicas' in owned;
	});
	const by = latest(writers)?.manager;
	return {
		type: 'scale',
		at: unixNow(),
		specReplicas: spec.replicas ?? 1,
		statusReplicas: status?.replicas ?? 0,
		...(by !== undefined && {by}),
	};
}

function scaledObjectSighting({metadata, status}: LiveScaledObject): Sighting {
	const {creationTimestamp} = metadata;
	const {lastActiveTime} = status ?? {};
	return {
		type: 'scaledObject',
		at: unixNow(),
		...(creationTimestamp !== undefined && {created: unixSeconds(creationTimestamp)}),
		...(lastActiveTime !== undefined && {lastActive: unixSeconds(lastActiveTime)}),
	};
}

function latest(fields: NonNullable<LiveMetadata['managedFields']>) {
	return fields.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).at(-1);
}

/** Reports all pods after each change; changes that come together are one. */
function podsReporter(see: WatchShadow['see']) {
	const pods = new Map<string, LivePod>();
	let isDue = false;
	const report = () => {
		isDue = false;
		see({type: 'pods', at: unixNow(), pods: [...pods.values()].map(podView)});
	};
	return {
		all(list: readonly LivePod[]): void {
			for (const pod of list) {
				pods.set(pod.metadata.name, pod);
			}

			report();
		},
		change(change: 'there' | 'gone', pod: LivePod): void {
			if (change === 'gone') {
				pods.delete(pod.metadata.name);
			} else {
				pods.set(pod.metadata.name, pod);
			}

			if (!isDue) {
				isDue = true;
				setImmediate(report);
			}
		},
	};
}

type Asking = WatchShadow & {readonly wanted: () => readonly LiveMetricSpec[]};

/** Asks for the metrics, which cannot be watched, and reports the answers that are new. */
async function askForMetrics(
	api: KubeApi,
	{namespace, watches}: ShadowSubject,
	{see, pace, signal, wanted}: Asking,
): Promise<void> {
	const {selector} = watches.pods;
	let last = '';
	let since = unixNow();
	while (!signal.aborted) {
		const began = unixNow();
		const answers = await answersOf({api, namespace, selector, metrics: wanted()});
		const text = JSON.stringify(answers);
		if (!signal.aborted && text !== last) {
			see({type: 'metrics', since, at: unixNow(), ...answers});
			last = text;
		}

		since = began;
		await sleep(pace() * 1000, undefined, {signal}).catch(() => undefined);
	}
}

async function answersOf(
	asked: Parameters<typeof readLiveMetrics>[0],
): Promise<Pick<MetricsSighting, 'metrics' | 'refusals'>> {
	try {
		const {refusals, ...metrics} = await readLiveMetrics(asked);
		return {metrics, refusals};
	} catch (error) {
		if (error instanceof UserError) {
			return {metrics: {podMetrics: null}, refusals: [error.message]};
		}

		throw error;
	}
}

/** Metrics of both manifests, each of a name once. */
function merged(own: readonly LiveMetricSpec[], more: readonly LiveMetricSpec[]): LiveMetricSpec[] {
	const nameOf = ({type, pods, object, external}: LiveMetricSpec) =>
		`${type} ${(pods ?? object ?? external)?.metric.name ?? ''}`;
	const known = new Set(own.map(nameOf));
	return [...own, ...more.filter(metric => !known.has(nameOf(metric)))];
}
