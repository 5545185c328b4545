import type {PodEvent, Recording} from '../records/record.ts';

/** Durations of the stages of pods' starts [s], one value a pod that went through the stage. */
export type StartupTimes = {
	/** A decision to scale up to the creation of the pod. */
	readonly create: readonly number[];
	readonly schedule: readonly number[];
	/** From binding to all containers running, image and sandbox included. */
	readonly containers: readonly number[];
	readonly modelLoad: readonly number[];
	/** Loaded to Ready: the wait for the probe. */
	readonly probe: readonly number[];
	readonly endpoints: readonly number[];
	/** Ready to the end of the first request that was served. */
	readonly firstServed: readonly number[];
	/** Pods that were seen from their creation to Ready. */
	readonly pods: number;
};

/** Selection of pods: all, or the ones that were made while requests came. */
type StartedWhen = 'any time' | 'under load';

/** The stages of each pod of a record, first starts only. A stage of which an end was not recorded is left out. */
export function startupTimes({tables}: Recording, when: StartedWhen = 'any time'): StartupTimes {
	const all = firstEvents(tables.pods);
	const firsts = new Map([...all].filter(([, events]) => when === 'any time' || (events.get('created') ?? -1) >= 0));
	const between = (from: PodEvent, to: PodEvent) =>
		[...firsts.values()].flatMap(events => {
			const time = (events.get(to) ?? Number.NaN) - (events.get(from) ?? Number.NaN);
			return time >= 0 ? [time] : [];
		});
	return {
		create: createTimes(tables, firsts),
		schedule: between('created', 'scheduled'),
		containers: between('scheduled', 'started'),
		modelLoad: between('started', 'modelLoaded'),
		probe: between('modelLoaded', 'ready'),
		endpoints: between('ready', 'endpointAdded'),
		firstServed: firstServedTimes(tables, firsts),
		pods: between('created', 'ready').length,
	};
}

type Firsts = ReadonlyMap<string, ReadonlyMap<PodEvent, number>>;

function firstEvents({pod, event, seconds}: Recording['tables']['pods']): Firsts {
	const firsts = new Map<string, Map<PodEvent, number>>();
	for (const [row, name] of pod.entries()) {
		const own = firsts.get(name) ?? new Map<PodEvent, number>();
		firsts.set(name, own);
		if (!own.has(event[row]!)) {
			own.set(event[row]!, seconds[row]!);
		}
	}

	return firsts;
}

/** Longest time from a decision to the pods that it leads to [s]; a later one replaces a pod that was lost. */
const longestCreation = 10;

function createTimes({decisions}: Recording['tables'], firsts: Firsts): number[] {
	const {seconds, currentReplicas, desiredReplicas} = decisions;
	const ups = [...seconds].filter((_, row) => desiredReplicas[row]! > currentReplicas[row]!);
	return [...firsts.values()].flatMap(events => {
		const created = events.get('created') ?? Number.NaN;
		const decision = ups.findLast(at => at <= created);
		return decision !== undefined && created - decision <= longestCreation ? [created - decision] : [];
	});
}

function firstServedTimes({requests}: Recording['tables'], firsts: Firsts): number[] {
	const served = new Map<string, number>();
	for (const [row, outcome] of requests.outcome.entries()) {
		const [pod, at] = [requests.pod[row]!, requests.endedSeconds[row]!];
		if (outcome === 'completed' && at < (served.get(pod) ?? Number.POSITIVE_INFINITY)) {
			served.set(pod, at);
		}
	}

	return [...firsts].flatMap(([name, events]) => {
		const time = (served.get(name) ?? Number.NaN) - (events.get('ready') ?? Number.NaN);
		return time >= 0 && (events.get('ready') ?? -1) >= 0 ? [time] : [];
	});
}
