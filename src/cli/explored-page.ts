import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Experiment} from '../experiment/experiment.ts';
import {type Explored, encodeExplored, type MeasuredLine} from '../explorer/explored.ts';
import {loadTitle} from '../explorer/offered-load.ts';
import {packageRoot} from '../files/package-root.ts';
import type {ReadOptions} from '../files/read-experiment.ts';
import {readExploredTrace} from '../files/read-explored-trace.ts';
import {readHpaIdentity} from '../files/read-hpa-identity.ts';
import {explorePage} from '../pages/explore-page.ts';
import {pageFonts} from '../rendering/typeface.ts';
import type {ExploreOptions} from './explore-options.ts';
import {formatDuration} from './format-duration.ts';
import {measuredLines} from './measured-lines.ts';
import {describeSlo} from './slo.ts';

export type PageOrder = {
	readonly path: string;
	readonly experiment: Experiment;
	readonly readOptions: ReadOptions;
	readonly options: ExploreOptions;
};

/** The page of an experiment, and the measured runs that are laid over in it. */
export async function exploredPage(
	order: PageOrder,
): Promise<{readonly html: string; readonly measured: readonly MeasuredLine[]}> {
	const {path, experiment, readOptions, options} = order;
	const {name, profile, description, duration, seed, slo} = experiment;
	const measured = await measuredLines(experiment, options);
	const trace = await readExploredTrace(path, readOptions);
	const explored: Explored = {
		experiment,
		identity: await readHpaIdentity(path, readOptions),
		words: wordsOf(order),
		measured,
		...(trace !== undefined && {trace}),
	};
	const parts = {
		title: profile === undefined ? name : `${name} (${profile})`,
		lead: [
			...(description === '' ? [] : [description]),
			`Runs of ${formatDuration(duration)}, seed ${seed}; ${describeSlo(slo)}. Move a setting: the simulation follows.`,
		],
		data: encodeExplored(explored),
		script: await readFile(join(packageRoot(), 'dist', 'browser', 'explore.js'), 'utf8'),
		hasManifest: experiment.autoscaler !== 'none',
		loadTitle: loadTitle(experiment),
	};
	return {html: explorePage(parts, await pageFonts()), measured};
}

/** What `replicast run` is given to read the same experiment. */
function wordsOf({path, readOptions: {profile, set = [], seed}}: PageOrder): string[] {
	return [
		path,
		...(profile === undefined ? [] : ['--profile', profile]),
		...(seed === undefined ? [] : ['--seed', String(seed)]),
		...set.flatMap(text => ['--set', text]),
	];
}
