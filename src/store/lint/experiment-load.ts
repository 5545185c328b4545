import {replayedHpa} from '../../autoscaler/hpa-manifest.ts';
import {kubectlYaml} from '../../autoscaler/kubectl-yaml.ts';
import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {NotLookedAt} from '../../lint/not-looked-at.ts';
import {type LintedAutoscaler, objectWords} from '../../lint/subject.ts';
import {readText} from '../disk/read-text.ts';
import {readExperiment, readExperimentSource} from '../experiments/read-experiment.ts';
import {largestYaml} from '../experiments/referenced-files.ts';
import {parseYaml} from '../yaml/parse-yaml.ts';
import {plainValue} from '../yaml/source-tree.ts';

/** Experiment of a load with the autoscaler of a manifest in the place of its own. */
export type LoadedAutoscaler = {readonly autoscaler: LintedAutoscaler; readonly experiment: Experiment};

export type ReadLoad = {
	readonly name: string;
	readonly loaded: readonly LoadedAutoscaler[];
	/** Whether the experiment does not say its workload, and the only autoscaler is taken. */
	readonly isAssumed: boolean;
	readonly notLookedAt: readonly NotLookedAt[];
};

/**
 * Reads an experiment once for each autoscaler of the manifests that scales its workload.
 *
 * @param path - an experiment file
 * @throws {UserError} where it cannot be read, or no autoscaler scales its workload
 */
export async function readLoad(path: string, autoscalers: readonly LintedAutoscaler[]): Promise<ReadLoad> {
	const {experiment, identity} = await readExperimentSource(path);
	const {kind, name} = identity.scaleTargetRef;
	const same = autoscalers.filter(({target}) => target.kind === kind && target.name === name);
	const isAssumed = same.length === 0 && autoscalers.length === 1 && name === replayedHpa.scaleTargetRef.name;
	const meant = isAssumed ? autoscalers : same;
	if (meant.length === 0) {
		const got = autoscalers.slice(0, 3).map(each => `${objectWords(each)} of ${each.target.kind} ${each.target.name}`);
		throw new UserError(
			'E_USAGE',
			`Expected --experiment to be of a workload that an autoscaler of the manifests scales, got ${path} of ${kind} ${name}, and ${got.length === 0 ? 'no autoscaler' : got.join(', ')}`,
		);
	}

	const {tree} = parseYaml(await readText(path, largestYaml), path);
	const {profiles: _, ...document} = plainValue(tree!) as Record<string, unknown>;
	const loaded: LoadedAutoscaler[] = [];
	const notLookedAt: NotLookedAt[] = [];
	for (const autoscaler of meant) {
		const read = await readWith(path, {document, autoscaler});
		if ('why' in read) {
			notLookedAt.push(read);
		} else {
			loaded.push({autoscaler, experiment: read});
		}
	}

	return {name: experiment.name, loaded, isAssumed, notLookedAt};
}

async function readWith(
	path: string,
	{document, autoscaler}: {readonly document: Readonly<Record<string, unknown>>; readonly autoscaler: LintedAutoscaler},
): Promise<Experiment | NotLookedAt> {
	try {
		return await readExperiment(path, {text: kubectlYaml({...document, autoscaler: autoscaler.manifest})});
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		const {kind, name, namespace} = autoscaler;
		return {
			what: 'part',
			place: autoscaler.placeOf('spec'),
			object: {kind, name, ...(namespace !== undefined && {namespace})},
			why: `Not judged under the load of ${path}, which does not take it: ${error.message.split('\n')[0]!.replace(/^.*?:\d+:\d+: /, '')}`,
		};
	}
}
