import type {ValidatedExperiment, Validation} from '../validation/validation.ts';
import {compactJson} from './compact-json.ts';
import {validationLimits} from './validation-limits.ts';

/** The whole validation: every goal, record and figure, each with its unit. */
export function validationJson(validation: Validation): string {
	const {verdict, replications, goals, experiments, strangers, unmeasured} = validation;
	return `${compactJson({
		apiVersion: 'replicast/v1',
		kind: 'Validation',
		verdict,
		replications,
		goals,
		experiments: experiments.map(experimentJson),
		strangers,
		unmeasured,
		limits: validationLimits(validation),
	})}\n`;
}

function experimentJson({
	experiment,
	file,
	verdict,
	outcomes,
	models,
	records,
	orders,
	comparison,
	inSample,
}: ValidatedExperiment) {
	return {
		...experiment,
		file,
		verdict,
		goals: outcomes,
		models,
		records: records.map(record => ({...record, measuredAgainstModels: orders[record.folder]})),
		outOfSample: comparison,
		inSample,
	};
}
