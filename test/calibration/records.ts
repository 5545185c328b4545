import type {CalibrationRecord} from '../../src/calibration/fit-calibration.ts';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {steps} from '../comparison/stand-ins.ts';
import type {ExperimentParts} from '../simulator/make-experiment.ts';

/** Coefficients that the fits have to find again. */
export const truth = {
	kind: 'work',
	name: 'test',
	status: 'uncalibrated',
	perRequest: 0.04,
	perPromptToken: 0.008,
	perOutputToken: 0.02,
	residualCv: 0.05,
	backendPerRequest: 0.04,
	idleCpu: {llm: 0.003, backend: 0.005},
	memory: {server: 2.5e7, weights: 7.5e7, perContextToken: 2e4, backend: 4e7, backendPerRequest: 5e5},
} as const satisfies Experiment['deployment']['service'];

/** A simulated record that stands for a measured one. */
export function record(parts: ExperimentParts = {}, replication = 0): CalibrationRecord & {experiment: Experiment} {
	const base = steps();
	const workload: Experiment['workload'] = {
		...base.workload,
		requests: {
			promptTokens: {distribution: 'uniform', min: 5, max: 80},
			outputTokens: {distribution: 'uniform', min: 1, max: 30},
		},
	};
	const experiment = steps({workload, ...parts, deployment: {service: truth, ...parts.deployment}});
	return {recording: new MeasuredSchedule(experiment).simulate(replication), experiment};
}
