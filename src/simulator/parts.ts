import type {Experiment} from '../experiment/experiment.ts';
import {EngineServing} from './batching/engine-serving.ts';
import type {MetricSource, PodServing} from './contracts.ts';
import {longestUntilScraped} from './custom-metrics/service-metrics.ts';
import type {DeploymentController} from './deployment-controller.ts';
import {InstantMetrics} from './metrics/instant-metrics.ts';
import {longestUntilSampled, MetricPipeline} from './metrics/metric-pipeline.ts';
import {PrometheusPipeline} from './metrics/prometheus-pipeline.ts';
import {ElasticNodes} from './nodes/elastic-nodes.ts';
import {FixedNodes, type Nodes} from './nodes.ts';
import type {PodUse} from './pod-use.ts';
import type {Run} from './run.ts';
import {Serving} from './serving.ts';

/** The clock starts at least this long before time 0 [s], so that the pods' metrics have been sampled when requests begin. */
const shortestPreRoll = 90;

/** How long before time 0 the clock of a run starts [s]. */
export function preRollOf({metrics, customMetrics}: Experiment): number {
	return Math.max(
		shortestPreRoll,
		metrics === 'ideal' ? 0 : longestUntilSampled(metrics),
		customMetrics === undefined ? 0 : longestUntilScraped(customMetrics),
	);
}

/** Nodes of a run, by its experiment. */
export function simulatedNodes({nodeAutoscaler, deployment}: Experiment): Nodes {
	return nodeAutoscaler === undefined ? new FixedNodes(deployment) : new ElasticNodes(nodeAutoscaler, deployment);
}

/** Serving of requests, by the experiment's model of service. */
export function servingOf(run: Run, options: ConstructorParameters<typeof Serving>[1]): PodServing {
	const {service} = run.experiment.deployment;
	return service.kind === 'engine' ? new EngineServing(run, service, options) : new Serving(run, options);
}

/** Source of the autoscaler's resource metrics, by the experiment's model of them. */
export function metricSource(run: Run, parts: {controller: DeploymentController; use: PodUse}): MetricSource {
	const {metrics: model} = run.experiment;
	if (model === 'ideal') {
		return new InstantMetrics(run, parts);
	}

	const {rateWindow: window} = model;
	return window === undefined
		? new MetricPipeline(run, model, parts)
		: new PrometheusPipeline(run, {model, window}, parts);
}
