import type {Experiment} from '../experiment/experiment.ts';
import {podRequests, requestedGpus} from '../experiment/pod-requests.ts';
import {holdingsOf} from './holdings.ts';
import {hasSpan, type PodUsage} from './pod-usage.ts';
import type {PodEvent, Recording, RequestTable, SampleTable} from './record.ts';
import {StageClock} from './stage-clock.ts';

/** Use of a pod, summed over its containers. */
type SampledUse = {readonly cpuSeconds: number; readonly memoryByteSeconds: number};

/** `cpuCores` is NaN where the sample is of no span of time. */
type Row = {readonly until: number; readonly cpuCores: number; readonly memoryBytes: number};

/**
 * Samples of each pod and container, in the order of time; lost ones are left out, and samples without a time. Memory
 * that was not recorded is NaN.
 */
export class SampledUses {
	readonly #rows = new Map<string, Map<string, Row[]>>();

	constructor({pod, container, cpuCores, memoryBytes, sampledSeconds, windowSeconds}: SampleTable) {
		for (const [row, name] of pod.entries()) {
			if (Number.isNaN(cpuCores[row]!) || Number.isNaN(sampledSeconds[row]!)) {
				continue;
			}

			const containers = this.#rows.get(name) ?? new Map<string, Row[]>();
			const rows = containers.get(container[row]!) ?? [];
			const cores = hasSpan(windowSeconds[row]!) ? cpuCores[row]! : Number.NaN;
			rows.push({until: sampledSeconds[row]!, cpuCores: cores, memoryBytes: memoryBytes[row]!});
			this.#rows.set(name, containers.set(container[row]!, rows));
		}
	}

	/**
	 * A sample holds from the one before it to its own time, the first from the containers' start, the last to the end:
	 * the metrics API says nothing of a pod's first and last seconds. A pod that it never served counts nothing. What one that
	 * is of no span says of the CPU is left to the next one.
	 *
	 * @param started - when the pod's containers ran [s]
	 */
	between(pod: string, {started, from, to}: {started: number; from: number; to: number}): SampledUse {
		let cpuSeconds = 0;
		let memoryByteSeconds = 0;
		for (const rows of this.#rows.get(pod)?.values() ?? []) {
			const ordered = rows.toSorted((a, b) => a.until - b.until);
			let since = started;
			let cpuSince = started;
			for (const [index, {until, cpuCores, memoryBytes}] of ordered.entries()) {
				const end = index === ordered.length - 1 ? to : until;
				const lengthSince = (begin: number) => Math.max(0, Math.min(end, to) - Math.max(begin, from));
				memoryByteSeconds += memoryBytes * lengthSince(since);
				since = end;
				if (!Number.isNaN(cpuCores)) {
					cpuSeconds += cpuCores * lengthSince(cpuSince);
					cpuSince = end;
				}
			}
		}

		return {cpuSeconds, memoryByteSeconds};
	}
}

type Event = {readonly event: PodEvent; readonly at: number};

/**
 * Reads the reserved and used resources of each pod from a record's tables: times to the second that its events have,
 * CPU and memory as finely as the metrics API gave them. Values that the record lacks are NaN: without pods one stands
 * for them all.
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

/** Busy time of each pod as a function of time [s]: the time in which it ran at least one request. */
type BusyTime = ReadonlyMap<string, (at: number) => number>;

/** @param end - requests that were running when the run ended ran until then [s] */
function busyTimes({pod, startedSeconds, endedSeconds}: RequestTable, end: number): BusyTime {
	const spans = new Map<string, [from: number, to: number][]>();
	for (const [row, from] of startedSeconds.entries()) {
		const to = Number.isNaN(endedSeconds[row]!) ? end : endedSeconds[row]!;
		if (to > from && pod[row] !== '') {
			const own = spans.get(pod[row]!) ?? [];
			own.push([from, to]);
			spans.set(pod[row]!, own);
		}
	}

	return new Map([...spans].map(([name, own]) => [name, counterOf(joined(own))]));
}

/** Spans that do not touch, in order. */
function joined(spans: readonly [number, number][]): [number, number][] {
	const apart: [number, number][] = [];
	for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
		const last = apart.at(-1);
		if (last !== undefined && from <= last[1]) {
			last[1] = Math.max(last[1], to);
		} else {
			apart.push([from, to]);
		}
	}

	return apart;
}

function counterOf(spans: readonly [number, number][]): (at: number) => number {
	return at => {
		let sum = 0;
		for (const [from, to] of spans) {
			if (from >= at) {
				break;
			}

			sum += Math.min(to, at) - from;
		}

		return sum;
	};
}
