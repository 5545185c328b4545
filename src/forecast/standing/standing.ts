import * as z from 'zod';
import type {Experiment} from '../../experiment/experiment.ts';
import {featuresOf} from './features.ts';
import {validated} from './validated.ts';

const error = z.number().nullable();

/** Form of the standing of a forecast: which of its models are calibrated, and what a validation covers of it. */
export const standingForm = z.object({
	models: z
		.array(
			z.object({
				kind: z.string(),
				name: z.string(),
				/** `unknown` where the file says nothing. */
				status: z.enum(['calibrated', 'uncalibrated', 'unknown']),
				/** Day, or minute in UTC, of the fit or the collection. */
				date: z.string().nullable(),
			}),
		)
		.readonly(),
	/** Errors in runs that no model was fitted to, as a share of what was measured: median and largest of the experiments. */
	validation: z.object({
		runs: z.number(),
		experiments: z.number(),
		p95: z.object({median: z.number(), worst: z.number()}),
		podHours: z.object({median: z.number(), worst: z.number()}),
	}),
	/** Errors in measured runs of this very experiment; null where there are none. */
	measured: z.object({verdict: z.string(), p95: error, podHours: error}).nullable(),
	/** Parts of the simulator that the experiment uses and no validation covers. */
	notValidated: z.array(z.string()).readonly(),
});

/** Standing of a forecast. */
export type ForecastStanding = z.infer<typeof standingForm>;

/** Finds how far a forecast of an experiment can be trusted, by its models and by what the validation covers. */
export function standingOf(experiment: Experiment): ForecastStanding {
	const {p95, podHours, runs, experiments} = validated;
	const {used, mostPods, seconds} = featuresOf(experiment);
	return {
		models: modelsOf(experiment),
		validation: {runs, experiments, p95, podHours},
		measured: validated.measured.find(({hash}) => hash === experiment.hash)?.errors ?? null,
		notValidated: [
			...used.filter(feature => !validated.used.includes(feature)),
			...(mostPods > validated.mostPods ? [`more than ${validated.mostPods} pods`] : []),
			...(seconds > validated.seconds ? [`runs of more than ${validated.seconds / 60} min`] : []),
		],
	};
}

/** Models of the cluster's behaviour: the status of the resolved model, or of its file. */
function modelsOf({deployment: {service, startup}, metrics, origin}: Experiment): ForecastStanding['models'] {
	const named = [
		...(service.kind === 'time'
			? []
			: [
					{
						kind: {work: 'ServiceModel', server: 'ServerModel', engine: 'EngineModel'}[service.kind],
						name: service.name,
						status: service.status,
					},
				]),
		...(startup.kind === 'stages' ? [{kind: 'StartupModel', name: startup.name, status: startup.status}] : []),
		...(metrics === 'ideal' ? [] : [{kind: 'MetricsModel', name: metrics.name, status: undefined}]),
	];
	return named.map(({kind, name, status}) => {
		const file = origin?.files.find(pinned => pinned.kind === kind && pinned.name === name);
		const stated = status ?? file?.status;
		return {
			kind,
			name,
			status: stated === 'calibrated' || stated === 'uncalibrated' ? stated : 'unknown',
			date: file?.date ?? null,
		};
	});
}
