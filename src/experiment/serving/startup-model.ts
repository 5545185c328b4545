import * as z from 'zod';
import {coefficient, modelHead, Status} from '../coefficient.ts';
import {type Distribution, SecondsDistribution} from '../distribution-schema.ts';
import {number} from '../leaves.ts';

/** Stages between a pod's creation and its readiness. */
export type StartupModel =
	| {
			/** Creation to Ready as one time [s]. */
			readonly kind: 'total';
			readonly total: Distribution;
	  }
	| {
			readonly kind: 'stages';
			readonly name: string;
			readonly status: 'uncalibrated' | 'calibrated';
			/** Each stage's duration [s]. */
			readonly stages: {
				/** HPA's write of the scale sub-resource to the pod's creation. */
				readonly create: Distribution;
				/** Creation to binding, when a node has room. */
				readonly schedule: Distribution;
				/** Image pull and sandbox. */
				readonly image: Distribution;
				/** All containers started. */
				readonly containers: Distribution;
				/** Model loaded, from the container's start. */
				readonly modelLoad: Distribution;
				/** Ready to traffic arriving. */
				readonly endpoints: Distribution;
			};
			/** CPU use of the LLM container while it loads the model [cores], cut to its limit. */
			readonly modelLoadCpu: number;
			/** Cores that the pods of the measured model loads could use; others load by their own. Undefined: all alike. */
			readonly modelLoadCores?: number;
			/** Crash back-off before a container starts again after its first restart [s]. */
			readonly restartBackoff: number;
	  };

const stage = (meaning: string) => coefficient(SecondsDistribution, 's', meaning);

/** A start-up model file: what passes between a pod's creation and its first request. */
export const StartupModelFile = z
	.strictObject({
		...modelHead('StartupModel'),
		status: Status,
		stages: z.strictObject({
			create: stage('The autoscaler’s write to the pod’s creation'),
			schedule: stage('Creation to binding, when a node has room'),
			image: stage('Image pull and sandbox'),
			containers: stage('Until all containers have started'),
			modelLoad: stage('Container’s start to the model loaded'),
			endpoints: stage('Ready to traffic arriving'),
		}),
		modelLoadCpu: coefficient(number({min: 0, max: 1000}), 'cores', 'CPU use while the model loads, cut to the limit'),
		modelLoadCores: coefficient(
			number({above: 0, max: 1000}),
			'cores',
			'Cores that the pods of the measured model loads could use; a pod with more or fewer, up to modelLoadCpu, loads faster or slower by that',
		).exactOptional(),
		restartBackoff: coefficient(
			number({min: 0, max: 3600}),
			's',
			'Wait before a container starts again, from its second restart on',
		),
	})
	.describe('Time from a pod’s creation to its readiness');

/** The start-up model that a parsed file holds. */
export function startupModelOf(file: z.output<typeof StartupModelFile>): StartupModel {
	const {name, status, stages, modelLoadCpu, modelLoadCores, restartBackoff} = file;
	return {
		...{kind: 'stages', name, status, stages, modelLoadCpu, restartBackoff},
		...(modelLoadCores !== undefined && {modelLoadCores}),
	};
}
