import type {Experiment} from '../experiment/experiment.ts';
import {fullSpeedOf} from '../experiment/threads.ts';
import {hasSpan} from '../records/pod-usage.ts';
import type {Recording} from '../records/record.ts';
import {PodLoad} from './pod-load.ts';

/** A sample of a container, with what its pod had to do meanwhile. */
export type SampleObservation = {
	readonly isLlm: boolean;
	/** [cores] */
	readonly cpu: number;
	/** Cores that the pod's model may use at most. */
	readonly speed: number;
	/** [bytes]; NaN where it was not recorded */
	readonly memory: number;
	/** [s] */
	readonly window: number;
	/** Whether the pod's model was loaded all the while, or had been when the sample was taken. */
	readonly isLoaded: boolean;
	readonly wasLoaded: boolean;
	/** Share of it in which the pod served a request. */
	readonly servingShare: number;
	/** Requests that the pod dealt with. */
	readonly dealtWith: number;
	/** Requests that the pod held when the sample was taken. */
	readonly held: number;
	/** Requests that it had completed by then, and tokens of the longest of them, prompt and answer. */
	readonly served: number;
	readonly longest: number;
};

/**
 * The samples of a record's pods. One whose CPU use, time or span was not recorded (NaN) is left out, and one in whose
 * time a request was served of which pod, start or end are not known; memory that was not recorded is NaN.
 */
export function sampleObservations({head, tables}: Recording, {deployment}: Experiment): SampleObservation[] {
	const {samples, pods, requests} = tables;
	const speed = fullSpeedOf(deployment);
	const load = new PodLoad(requests, head.durationSeconds);
	const loadedAt = new Map<string, number>();
	for (const [row, name] of pods.pod.entries()) {
		if (pods.event[row] === 'modelLoaded' && !loadedAt.has(name)) {
			loadedAt.set(name, pods.seconds[row]!);
		}
	}

	return samples.pod.flatMap((pod, row) => {
		const [cpu, to, window] = [samples.cpuCores[row]!, samples.sampledSeconds[row]!, samples.windowSeconds[row]!];
		if (Number.isNaN(cpu + to + window) || !hasSpan(window)) {
			return [];
		}

		const span = {from: to - window, to};
		if (!load.isKnown(pod, span)) {
			return [];
		}

		const loaded = loadedAt.get(pod) ?? Number.POSITIVE_INFINITY;
		return [
			{
				isLlm: samples.container[row] === deployment.llm.container,
				cpu,
				speed,
				memory: samples.memoryBytes[row]!,
				window,
				isLoaded: loaded <= span.from,
				wasLoaded: loaded <= span.to,
				servingShare: load.servingShare(pod, span),
				dealtWith: load.dealtWith(pod, span),
				held: load.heldAt(pod, to),
				...load.doneBy(pod, to),
			},
		];
	});
}
