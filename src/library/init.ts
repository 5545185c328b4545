import {guessedSources, isDecided, unknownMetrics} from '../calibration/history/asked-metrics.ts';
import {UserError} from '../errors.ts';
import {shellWord} from '../printable.ts';
import type {StartingFiles} from '../report/init-report.ts';
import {writeExperimentAround} from '../store/experiments/initial/experiment-around.ts';
import {writeFirstExperiment} from '../store/experiments/initial/first-experiment.ts';
import type {ServiceKind} from '../store/experiments/initial/what-serves.ts';
import {metricSourcesOf} from './learn/metric-sources.ts';

export {type ServiceKind, serviceKinds} from '../store/experiments/initial/what-serves.ts';

type InitOptions = {
	/** Manifests that the experiment is written around: files, or folders of them. A first experiment without them. */
	readonly from?: readonly string[] | undefined;
	/** Kind of the service: what the manifests say when left out, an LLM without manifests. */
	readonly service?: ServiceKind | undefined;
	/** Sources of metrics of the autoscaler that are not known by their name, `NAME=SOURCE` each, such as `depth=waiting`. */
	readonly metricSources?: readonly string[] | undefined;
};

/**
 * Writes an experiment to start from: around manifests, or else a first one with its autoscaler and its model.
 *
 * @param folder - where to; made where it is missing
 * @throws {UserError} before anything is written, where one of the files is there already or a manifest is faulty
 */
export async function init(
	folder = '.',
	{from = [], service, metricSources = []}: InitOptions = {},
): Promise<StartingFiles> {
	const target = folder === '' ? '.' : folder;
	if (from.length === 0) {
		return {
			paths: writeFirstExperiment(target, service ?? 'llm'),
			...(service === undefined && {otherwise: 'a service that is no LLM: --service web'}),
		};
	}

	const given = metricSourcesOf(metricSources);
	try {
		const {paths, assumed} = await writeExperimentAround(target, from, {
			service,
			metricSources: document => askedSources(document, given),
		});
		return {paths, assumed};
	} catch (error) {
		// There is no experiment yet in which metricSources could stand.
		throw error instanceof UserError && error.message.includes('mapped in metricSources')
			? new UserError(error.code, `${error.message} (--metric-source NAME=SOURCE maps it)`, {cause: error})
			: error;
	}
}

/** @throws {UserError} E_CONFIG where nothing says what a metric is that the autoscaler goes by */
function askedSources(document: unknown, given: Readonly<Record<string, string>>) {
	const unknown = unknownMetrics(document).find(name => !Object.hasOwn(given, name));
	if (unknown !== undefined && isDecided(unknown)) {
		throw new UserError(
			'E_CONFIG',
			`Expected a metric of the load, got ${JSON.stringify(unknown)}, replicas that another controller decides, which is not simulated: give the autoscaler a metric such as vllm:num_requests_waiting in its place, or say with --metric-source NAME=SOURCE what it follows`,
		);
	}

	if (unknown !== undefined) {
		throw new UserError(
			'E_CONFIG',
			`Expected the source of the metric ${JSON.stringify(unknown)}, by which the autoscaler goes, such as --metric-source ${shellWord(`${unknown}=arrived`)} (or waiting, running, in-flight: docs/custom-metrics.md), got none`,
		);
	}

	const {sources, assumed} = guessedSources(document);
	const guessed = Object.keys(sources).filter(name => !Object.hasOwn(given, name));
	return {
		sources: {...sources, ...given},
		assumed: assumed.filter(sentence => guessed.some(name => sentence.includes(` ${name} `))),
	};
}
