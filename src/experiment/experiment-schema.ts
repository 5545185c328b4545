import * as z from 'zod';
import {apiTime} from '../autoscaler/api-time.ts';
import {flagSchemas, ReleaseSchema} from '../autoscaler/flag-schemas.ts';
import {HpaManifest, HpaManifestSpec} from '../autoscaler/hpa-manifest.ts';
import {ScaledObject} from '../autoscaler/keda/scaled-object-schema.ts';
import {AcceptanceSchema, SloSchema} from './acceptance-schema.ts';
import {MetricsModelFile} from './cluster-models.ts';
import {MetricSourcesSchema} from './custom-metrics/metric-sources-schema.ts';
import {PrometheusModelFile} from './custom-metrics/prometheus-model.ts';
import {DeploymentSchema} from './deployment-schema.ts';
import {durationText} from './duration.ts';
import {FaultSchema} from './faults/fault-plan.ts';
import {Duration, FilePath, judged, mapRule, Name, PositiveDuration, whole} from './leaves.ts';
import {NodeAutoscalerSchema} from './nodes/node-autoscaler-schema.ts';
import {EnergyModelFile, PriceBookFile} from './price-book.ts';
import {WorkloadSchema} from './workload-schema.ts';

const startRule = 'a date and time such as 2026-01-05T08:00:00Z';

/** Experiment file: one question, for the simulator and for replays. */
export const ExperimentFile = judged(
	judged(
		z.strictObject({
			apiVersion: z
				.literal('replicast/v1', {error: 'replicast/v1'})
				.default('replicast/v1')
				.describe('Version of the form'),
			name: Name.describe('Name of the experiment'),
			description: z.string({error: 'text'}).default('').describe('What it asks, in a sentence'),
			seed: whole({min: 0, max: 4_294_967_295}).default(1).describe('Root of every random stream'),
			replications: whole({min: 1, max: 100_000}).default(20).describe('Independent simulated runs'),
			duration: PositiveDuration.describe('Length of a run [duration]'),
			warmup: Duration.prefault('0s').describe('Left out of the statistics [duration]'),
			workload: WorkloadSchema.describe('Who asks for what, and when'),
			deployment: DeploymentSchema.describe('The pods, what runs in them and on what'),
			autoscaler: z
				.union([FilePath, z.discriminatedUnion('kind', [HpaManifest, ScaledObject]), HpaManifestSpec], {
					error: 'the path of an autoscaling/v2 HorizontalPodAutoscaler or a ScaledObject, its spec, or none',
				})
				.describe(
					'Path of an autoscaling/v2 HorizontalPodAutoscaler or of a ScaledObject of KEDA, the manifest or the HPA’s spec inline, or none',
				),
			nodeAutoscaler: NodeAutoscalerSchema.describe(
				'Karpenter or the Cluster Autoscaler: pods wait for nodes, and the nodes are billed; left out, there is always room',
			).exactOptional(),
			startsAt: z
				.string({error: startRule})
				.transform((text, context) => {
					const seconds = apiTime(text);
					if (Number.isNaN(seconds)) {
						context.addIssue({code: 'custom', message: startRule});
						return z.NEVER;
					}

					return seconds;
				})
				.describe('Date and time at the start of a run, for autoscalers that go by the clock [RFC 3339]')
				.exactOptional(),
			kubernetes: ReleaseSchema.describe(
				'Release whose autoscaler it is, such as "1.35"; 1.34 is assumed when left out',
			).exactOptional(),
			controller: z
				.strictObject(
					{
						syncPeriod: flagSchemas.syncPeriod.exactOptional(),
						downscaleStabilization: flagSchemas.downscaleStabilization.exactOptional(),
						tolerance: flagSchemas.tolerance.exactOptional(),
						initialReadinessDelay: flagSchemas.initialReadinessDelay.exactOptional(),
						cpuInitializationPeriod: flagSchemas.cpuInitializationPeriod.exactOptional(),
						syncPhase: Duration.describe(
							'No flag: time of the first look at the autoscaler after time 0; drawn for each run when left out [duration]',
						).exactOptional(),
					},
					{error: mapRule('a map of flags')},
				)
				.describe('Flags of kube-controller-manager; Kubernetes’ defaults when left out')
				.exactOptional(),
			metrics: z
				.union([FilePath, MetricsModelFile], {error: 'the path of a metrics model, or ideal'})
				.prefault('../models/metrics-pipeline.yaml')
				.describe('Path of a metrics model, or ideal: no delay at all'),
			metricSources: MetricSourcesSchema.describe(
				'Where metrics of the autoscaler come from that are not known by their name: a source such as waiting, or a query',
			).exactOptional(),
			prometheus: z
				.union([FilePath, PrometheusModelFile], {error: 'the path of a Prometheus model'})
				.describe(
					'Path of a Prometheus model; ../models/prometheus.yaml when left out. For metrics beyond CPU and memory alone',
				)
				.exactOptional(),
			fixed: z
				.strictObject({
					replicas: whole({min: 1, max: 10_000}).describe('Pods of the deployment without autoscaler that is compared'),
				})
				.describe('The comparison; none when left out')
				.exactOptional(),
			prices: z
				.union([FilePath, PriceBookFile], {error: 'the path of a price book'})
				.prefault('../models/prices-gke-autopilot.yaml')
				.describe('Path of a price book'),
			energy: z
				.union([FilePath, EnergyModelFile], {error: 'the path of an energy model'})
				.prefault('../models/energy-cloud.yaml')
				.describe('Path of an energy model'),
			slo: SloSchema.prefault({}).describe('Objectives of the service'),
			accept: AcceptanceSchema.prefault({}).describe('Tolerances of the comparison with a measurement'),
			faults: z.array(FaultSchema, {error: 'a list of faults'}).prefault([]).describe('What goes wrong on purpose'),
			recorded: FilePath.describe(
				'Path of a CSV table of the replicas that were recorded under this load, columns seconds, desired and current, blank where unknown: run shows them beside the forecast',
			).exactOptional(),
			profiles: z
				.record(Name, z.looseObject({}), {error: 'a map of profiles'})
				.prefault({})
				.describe('Overlays by name, picked with --profile: maps merge, anything else replaces, null takes away'),
		}),
		['duration', 'warmup'],
		({duration, warmup}) =>
			typeof duration === 'number' && typeof warmup === 'number' && warmup >= duration
				? {path: ['warmup'], rule: `shorter than the duration, ${durationText(duration)}`}
				: undefined,
	),
	['autoscaler', 'deployment'],
	({autoscaler, deployment}) =>
		autoscaler === 'none' && !hasReplicas(deployment)
			? {path: ['deployment', 'replicas'], rule: 'given when autoscaler is none'}
			: undefined,
);

export type ExperimentFile = z.output<typeof ExperimentFile>;

function hasReplicas(deployment: unknown): boolean {
	return typeof deployment === 'object' && deployment !== null && 'replicas' in deployment;
}
