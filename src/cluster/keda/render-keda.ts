import {parse} from 'yaml';
import {replayedHpa} from '../../autoscaler/hpa-manifest.ts';
import {scaledObjectManifest} from '../../autoscaler/keda/scaled-object-manifest.ts';
import {yamlText} from '../../autoscaler/kubectl-yaml.ts';
import type {PrometheusModel} from '../../experiment/custom-metrics/custom-metrics.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Manifest} from '../setup/cluster.ts';

/** Address of the Prometheus that a replay installs, inside the cluster. */
const prometheusAddress = 'http://prometheus.replicast-prometheus.svc:9090';

/** Requests that a gateway holds where nothing bounds them. */
const unbounded = 1_000_000_000;
const longestHold = 86_400_000;

/** ScaledObject of an experiment, whose HPA has the name that an experiment's own HPA would have. */
export function renderScaledObject({keda, autoscaler}: Experiment): Manifest | undefined {
	return keda === undefined || autoscaler === 'none'
		? undefined
		: scaledObjectManifest(
				{keda, autoscaler, prometheus: prometheusAddress, hpaName: replayedHpa.metadata.name},
				replayedHpa,
			);
}

type Containers = {readonly containers: readonly Readonly<Record<string, unknown>>[]};
type Workload = Manifest & {readonly spec: {readonly template: {readonly metadata: object; readonly spec: Containers}}};

/** Gateway with an experiment's buffer. */
export function renderGateway(
	manifests: readonly Manifest[],
	{deployment: {atZero}}: Pick<Experiment, 'deployment'>,
	image: string,
): Manifest[] {
	const milliseconds = Math.min(longestHold, Math.round((atZero?.timeout ?? longestHold / 1000) * 1000));
	const variables = [
		{name: 'HOLD_REQUESTS', value: String(atZero === undefined ? 0 : (atZero.queue ?? unbounded))},
		{name: 'HOLD_MILLISECONDS', value: String(milliseconds)},
	];
	return manifests.map(manifest =>
		withContainer(manifest, container => ({
			...container,
			image,
			env: [...(container['env'] as object[]), ...variables],
		})),
	);
}

/** The Service of the pods behind a gateway, which has the port of the node instead. */
export function behindGateway(manifest: Manifest): Manifest {
	if (manifest.kind !== 'Service') {
		return manifest;
	}

	const {type: _, ports, ...spec} = manifest.spec as {type: string; ports: {nodePort?: number}[]};
	return {...manifest, spec: {type: 'ClusterIP', ...spec, ports: ports.map(({nodePort: __, ...port}) => port)}};
}

type PrometheusOptions = {
	readonly model: PrometheusModel | undefined;
	/** Instead of the manifest's own. */
	readonly image?: string | undefined;
	/** Number of the start: another one makes it begin again, without memory of earlier runs. */
	readonly start?: number;
};

/** Prometheus with the periods of an experiment's model. */
export function renderPrometheus(
	manifests: readonly Manifest[],
	{model, image, start = 0}: PrometheusOptions,
): Manifest[] {
	return manifests.map(manifest =>
		manifest.kind === 'ConfigMap'
			? withPeriods(manifest, model)
			: withContainer(
					manifest,
					container => ({
						...container,
						...(image !== undefined && {image}),
						args: (container['args'] as string[]).map(word =>
							model !== undefined && word.startsWith('--query.lookback-delta=')
								? `--query.lookback-delta=${milliseconds(model.lookback)}`
								: word,
						),
					}),
					{'replicast/start': String(start)},
				),
	);
}

function withPeriods(manifest: Manifest, model: PrometheusModel | undefined): Manifest {
	const {data} = manifest as Manifest & {readonly data: Readonly<Record<string, string>>};
	const config = parse(data['prometheus.yml']!) as {
		global: {scrape_interval: string; scrape_timeout: string};
		scrape_configs: {dns_sd_configs: {refresh_interval: string}[]}[];
	};
	if (model !== undefined) {
		config.global.scrape_interval = milliseconds(model.scrape.interval);
		for (const discovery of config.scrape_configs.flatMap(({dns_sd_configs}) => dns_sd_configs)) {
			discovery.refresh_interval = milliseconds(Math.max(1, model.scrape.discovery));
		}
	}

	const text = yamlText(config, {lineWidth: 80});
	return {...manifest, data: {'prometheus.yml': text}} as Manifest;
}

function milliseconds(seconds: number): string {
	return `${Math.round(seconds * 1000)}ms`;
}

function withContainer(
	manifest: Manifest,
	change: (container: Readonly<Record<string, unknown>>) => object,
	annotations?: Readonly<Record<string, string>>,
): Manifest {
	if (manifest.kind !== 'Deployment') {
		return manifest;
	}

	const {template, ...spec} = (manifest as Workload).spec;
	const metadata = {...template.metadata, ...(annotations !== undefined && {annotations})};
	const containers = template.spec.containers.map(change);
	return {...manifest, spec: {...spec, template: {metadata, spec: {...template.spec, containers}}}};
}
