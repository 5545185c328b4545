import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import {type Comparison, type ComparisonInput, compareRuns} from '../../src/comparison/compare.ts';
import type {Recorded} from '../../src/comparison/controller-check.ts';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {type ExperimentParts, makeExperiment, openWorkload, pipeline} from '../simulator/make-experiment.ts';

export const autoscaler: HpaSpec = {
	minReplicas: 2,
	maxReplicas: 6,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}],
};

/** Work of a request in CPU-seconds is this at 10 and 10 tokens; with a limit of 0.125 cores it takes 8 times as long. */
const work = 0.5;

export const service = (factor = 1): Experiment['deployment']['service'] => ({
	kind: 'work',
	name: 'test',
	status: 'uncalibrated',
	perRequest: factor * 0.2 * work,
	perPromptToken: factor * 0.04 * work,
	perOutputToken: factor * 0.04 * work,
	residualCv: 0.1,
	backendPerRequest: 0.01,
	idleCpu: {llm: 0.001, backend: 0.002},
	memory: {server: 2e7, weights: 7e7, perContextToken: 2e4, backend: 4e7, backendPerRequest: 1e5},
});

/** Load that grows and falls again, on pods of two containers. */
export function steps(parts: ExperimentParts = {}): Experiment {
	const rate = [
		{at: 0, perSecond: 0.2},
		{at: 100, perSecond: 0.75},
		{at: 420, perSecond: 0.1},
	];
	return makeExperiment({
		hash: 'f'.repeat(64),
		duration: 900,
		workload: {
			...openWorkload(1),
			timeout: 60,
			loop: 'open',
			arrivals: {process: 'poisson', cv: 1, interpolation: 'step', rate},
		},
		autoscaler,
		metrics: pipeline,
		fixed: {replicas: 6},
		slo: {p95: 30},
		accept: {
			replicasMeanAbsoluteError: {absolute: 0.5},
			podHours: {fraction: 0.05},
			p95: {fraction: 0.5},
			scaleLag: {absolute: 15},
		},
		...parts,
		deployment: {
			replicas: 2,
			containers: [
				{name: 'backend', requests: {cpu: 0.025, memory: 2 ** 26}, limits: {cpu: 0.1, memory: 2 ** 27}},
				{name: 'ollama', requests: {cpu: 0.125, memory: 2 ** 28}, limits: {cpu: 0.125, memory: 2 ** 30}},
			],
			service: service(),
			startup: {
				kind: 'stages',
				name: 'test',
				status: 'uncalibrated',
				stages: {
					create: {distribution: 'constant', value: 0.1},
					schedule: {distribution: 'constant', value: 0.1},
					image: {distribution: 'constant', value: 0.5},
					containers: {distribution: 'uniform', min: 0.5, max: 1},
					modelLoad: {distribution: 'uniform', min: 2, max: 4},
					endpoints: {distribution: 'constant', value: 0.2},
				},
				modelLoadCpu: 1,
				restartBackoff: 10,
			},
			...parts.deployment,
		},
	});
}

/** Runs of the simulator that stand for measured ones: replications that the comparison itself does not simulate. */
export function standIns(experiment: Experiment, repeats = 3, arm: 'dynamic' | 'fixed' = 'dynamic'): Recorded[] {
	const schedule = new MeasuredSchedule(experiment);
	return Array.from({length: repeats}, (_, repeat) => {
		const {head, tables} = schedule.simulate(1000 + repeat, {arm});
		return {name: `repeat-${repeat}`, recording: {head: {...head, replication: repeat}, tables}};
	});
}

/** Runs the comparison to its end. */
export function compared(
	input: Partial<ComparisonInput> & Pick<ComparisonInput, 'experiment' | 'measured'>,
): Comparison {
	const running = compareRuns({replications: 100, ...input});
	for (;;) {
		const step = running.next();
		if (step.done === true) {
			return step.value;
		}
	}
}
