import type {Experiment} from '../experiment/experiment.ts';
import {requestedGpus} from '../experiment/gpus.ts';
import {podRequests} from '../experiment/pod-requests.ts';
import {busyTimes} from './busy-time.ts';
import {holdingsOf} from './holdings.ts';
import type {PodUsage} from './pod-usage.ts';
import type {PodEvent, Recording} from './record.ts';
import {SampledUses} from './sampled-use.ts';
import {StageClock} from './stage-clock.ts';

type Event = {readonly event: PodEvent; readonly at: number};

/**
 * What each pod reserved and used, read off a record's tables: times to the second that its events have, CPU and
 * memory as finely as the metrics API gave them. What the record does not hold is NaN: without pods one stands for them all.
 *
 * @param experiment - the record's own: what a pod requests stands there
 */
export function readUsages(recording: Recording, experiment: Experiment): PodUsage[] {
	const {head, tables} = recording;
	const {deployment} = experiment;
	const holds = holdingsOf(recording, experiment);
	const {warmupSeconds: begin, durationSeconds: end} = head;
	const busy = busyTimes(tables.requests, end);
	const uses = new SampledUses(tables.samples);
	const {cpu: requestedCores, memory: requestedBytes} = podRequests(deployment);
	const gpus = requestedGpus(deployment);
	const usages: PodUsage[] = [];
	if (!holds.pods) {
		return [unknownPods({requestedCores, requestedBytes})];
	}

	for (const [pod, events] of eventsByPod(tables.pods)) {
		const timeOf = (wanted: PodEvent) => events.find(({event}) => event === wanted)?.at;
		const scheduled = timeOf('scheduled');
		const to = Math.min(timeOf('gone') ?? end, end);
		if (scheduled === undefined || scheduled > end || to < begin) {
			continue;
		}

		const fromSeconds = Math.max(scheduled, begin);
		const started = timeOf('started') ?? to;
		usages.push({
			pod,
			fromSeconds,
			toSeconds: to,
			requestedCores,
			requestedBytes,
			...(gpus > 0 && {requestedGpus: gpus}),
			...(holds.use ? uses.between(pod, {started, from: fromSeconds, to}) : unknownUse),
			stages: stagesOf(events, holds.busy ? (busy.get(pod) ?? (() => 0)) : () => Number.NaN, {begin, to}),
		});
	}

	return usages;
}

const unknownUse = {cpuSeconds: Number.NaN, memoryByteSeconds: Number.NaN};

/** Stands for pods that nobody recorded: whatever is summed over it is NaN. */
function unknownPods(requested: Pick<PodUsage, 'requestedCores' | 'requestedBytes'>): PodUsage {
	const [none, unknown] = [Number.NaN, {fromSeconds: Number.NaN, toSeconds: Number.NaN}];
	const stages = {pending: none, starting: none, loading: none, idle: none, busy: none, terminating: none};
	return {pod: '', ...unknown, ...requested, ...unknownUse, stages};
}

function eventsByPod({pod, event, seconds}: Recording['tables']['pods']): Map<string, Event[]> {
	const events = new Map<string, Event[]>();
	for (const [row, name] of pod.entries()) {
		const own = events.get(name) ?? [];
		own.push({event: event[row]!, at: seconds[row]!});
		events.set(name, own);
	}

	return events;
}

function stagesOf(
	events: readonly Event[],
	busyUntil: (at: number) => number,
	{begin, to}: {readonly begin: number; readonly to: number},
): PodUsage['stages'] {
	const clock = new StageClock();
	const early = events.filter(({at}) => at <= begin);
	for (const {event, at} of early) {
		clock.event(event, at, busyUntil(at));
	}

	clock.begin(begin, busyUntil(begin));
	for (const {event, at} of events.slice(early.length)) {
		if (at <= to) {
			clock.event(event, at, busyUntil(at));
		}
	}

	return clock.read(to, busyUntil(to));
}
