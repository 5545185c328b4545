import {kubectlYaml} from '../../autoscaler/kubectl-yaml.ts';
import {renderEmulatedWorkload} from '../../cluster/emulated/emulated-workload.ts';
import {instanceTypesMap, karpenterOf, poolObjects} from '../../cluster/emulated/karpenter/karpenter-objects.ts';
import {nodeObjects, nodePlan} from '../../cluster/emulated/node-plan.ts';
import {refuseUnemulable} from '../../cluster/emulated/refuse-unemulable.ts';
import {readKedaManifest} from '../../cluster/keda/install-keda.ts';
import {needsPrometheus} from '../../cluster/keda/needs.ts';
import {renderPrometheus} from '../../cluster/keda/render-keda.ts';
import type {Place} from '../../cluster/replay/prepare.ts';
import type {Manifest} from '../../cluster/setup/cluster.ts';
import {imagesOf, planImages} from '../../cluster/setup/images.ts';
import {readManifestObjects, readManifests} from '../../cluster/setup/read-manifests.ts';
import {refuseUnreplayable} from '../../cluster/setup/refuse-unreplayable.ts';
import {renderManifests} from '../../cluster/setup/render-manifests.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import {outputFolders, readExperiments} from '../read-experiments.ts';

/** The kind cluster that is used, and made where there is none, when no place is given. */
export const usualPlace: Place = {kind: 'kind', name: 'replicast'};

/** The kind cluster of emulated replays when no place is given: their metrics API is not the real one. */
export const usualEmulatedPlace: Place = {kind: 'kind', name: 'replicast-kwok'};

/** Means of a replay: real pods in a kind cluster, or pods that KWOK emulates in one. */
export type ReplayMeans = 'kind' | 'kwok';

/** Experiments to replay, and what to replay of them. */
export type ReplaySubject = {
	/** Profile of the experiments to apply, such as `bench`. */
	readonly profile?: string;
	/** Changed values, `path=value` each. */
	readonly set?: readonly string[];
	/** Arms to replay, repeat by repeat; the dynamic one when left out. */
	readonly arms?: readonly Arm[];
	/** Real pods in a kind cluster, or ones that KWOK emulates in one; real ones when left out. */
	readonly on?: ReplayMeans;
	/** Place to replay at; a kind cluster called `replicast`, or `replicast-kwok` on KWOK, when left out. */
	readonly place?: Place;
};

/** Reads the experiments of a replay, and refuses what it cannot do. */
export async function readReplaySubject(
	files: readonly string[],
	{profile, set = [], arms = ['dynamic'], on = 'kind', ...rest}: ReplaySubject,
) {
	const {place = on === 'kwok' ? usualEmulatedPlace : usualPlace} = rest;
	await refuseStrangeKeda(place);
	const experiments = await readExperiments({
		file: files,
		all: false,
		set,
		...(profile !== undefined && {profile}),
	});
	const folders = outputFolders(experiments);
	for (const experiment of experiments) {
		refuseUnfit(experiment, arms, {place, on});
	}

	return {experiments, folders, arms, place, on};
}

/** @throws {UserError} when the experiment cannot be replayed by these means at this place */
export function refuseUnfit(
	experiment: Experiment,
	arms: readonly Arm[],
	{place, on}: {readonly place: Place; readonly on: ReplayMeans},
): void {
	if (on === 'kwok') {
		refuseUnemulable(experiment, arms);
	} else {
		refuseUnreplayable(experiment, arms, {reachesNodes: place.kind === 'kind'});
	}
}

/** @throws {UserError} when the file that is to hold KEDA's manifest does not */
export async function refuseStrangeKeda({keda}: Place): Promise<void> {
	if (keda !== undefined) {
		await readKedaManifest(keda);
	}
}

/**
 * Objects that a replay would apply, as YAML documents that `kubectl apply -f -` takes.
 *
 * @throws {UserError} when a file is faulty or an experiment cannot be replayed
 */
export async function replayManifests(files: readonly string[], options: ReplaySubject = {}): Promise<string> {
	const {experiments, arms, place, on} = await readReplaySubject(files, options);
	if (on === 'kwok') {
		return emulatedManifests(experiments, arms);
	}

	const manifests = await readManifests();
	const documents: string[] = [];
	for (const experiment of experiments) {
		const images =
			place.kind === 'foreign' ? place.images : imagesOf(await planImages(experiment.deployment.llm.model));
		for (const arm of arms) {
			const {base, autoscaler} = renderManifests(manifests, experiment, {arm, images});
			const prometheus = needsPrometheus(experiment, arm)
				? renderPrometheus(manifests.prometheus, {
						model: experiment.customMetrics?.prometheus,
						image: place.prometheusImage,
					})
				: [];
			const objects = [...base, ...prometheus, ...(autoscaler === undefined ? [] : [autoscaler])];
			documents.push(...objects.map(object => kubectlYaml(object, [`${experiment.name}, ${arm}`])));
		}
	}

	return documents.join('---\n');
}

async function emulatedManifests(experiments: readonly Experiment[], arms: readonly Arm[]): Promise<string> {
	const pattern = await readManifestObjects('kwok/workload.yaml');
	const hasKarpenter = experiments.some(experiment => karpenterOf(experiment) !== undefined);
	const files = ['kwok.yaml', 'metrics-api.yaml', ...(hasKarpenter ? ['karpenter-crds.yaml', 'karpenter.yaml'] : [])];
	const around = (await Promise.all(files.map(async file => readManifestObjects(`kwok/${file}`)))).flat();
	const write = (objects: readonly Manifest[], comment: string) =>
		objects.map(object => kubectlYaml(object, [comment]));
	const documents = experiments.flatMap(experiment =>
		arms.flatMap(arm => {
			const {base, autoscaler} = renderEmulatedWorkload(pattern, experiment, {arm});
			const karpenter = karpenterOf(experiment);
			const nodes =
				karpenter === undefined
					? nodeObjects(nodePlan(experiment))
					: [instanceTypesMap(karpenter), ...poolObjects(karpenter)];
			const objects = [...nodes, ...base, ...(autoscaler === undefined ? [] : [autoscaler])];
			return write(objects, `${experiment.name}, ${arm}`);
		}),
	);
	return [...write(around, 'every emulated replay'), ...documents].join('---\n');
}
