import * as z from 'zod';
import {coefficient, modelHead, Status} from './coefficient.ts';
import {SecondsDistribution} from './distribution-schema.ts';
import type {StartupModel} from './experiment.ts';
import {number} from './leaves.ts';

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
		restartBackoff: coefficient(
			number({min: 0, max: 3600}),
			's',
			'Wait before a container starts again, from its second restart on',
		),
	})
	.describe('Time from a pod’s creation to its readiness');

/** The start-up model that a parsed file holds. */
export function startupModelOf(file: z.output<typeof StartupModelFile>): StartupModel {
	const {name, status, stages, modelLoadCpu, restartBackoff} = file;
	return {kind: 'stages', name, status, stages, modelLoadCpu, restartBackoff};
}
