import {availableParallelism} from 'node:os';
import process from 'node:process';
import type {ClaimsFile, FigureReference} from '../audit/claims-file.ts';
import type {Evidence, Found} from '../audit/evidence.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {summarize} from '../forecast/forecast.ts';
import type {Summary} from '../forecast/summary.ts';
import {replicateAll} from '../parallel/replicate-all.ts';
import {figureAt} from './figure-at.ts';
import {experimentOf, figureKey, keyOf} from './figure-reference.ts';
import {sayWhenInterrupted} from './interruption.ts';
import {type MeasuredFigure, measuredFigures} from './measured-figures.ts';
import {showProgress} from './run-progress.ts';

type Simulated = {readonly experiment: Experiment; readonly summary: Summary};

export type EvidenceOptions = {
	/** Folder in which measured records are looked for. */
	readonly records: string;
	/** A summary that is there already; it is not simulated again. */
	readonly known?: (experiment: Experiment) => Summary | undefined;
	/** Of each experiment that is simulated, instead of its own. */
	readonly replications?: number;
};

/** Everything that a claims file points at: its experiments are simulated, each once, and its records are read. */
export async function gatherEvidence(file: ClaimsFile, options: EvidenceOptions): Promise<Evidence> {
	const {claims, figures} = file;
	const references = [...figures, ...claims].flatMap(({experiment}) => experiment ?? []);
	const simulated = await simulate(references, options);
	const measured = await measuredFigures(
		claims.flatMap(({measured}) => measured ?? []),
		options.records,
	);
	return {
		simulated: reference => {
			const {experiment, summary} = simulated.get(keyOf(reference))!;
			return figureAt(reference.figure, experiment, summary);
		},
		measured: (reference): (Found & MeasuredFigure) | undefined => measured.get(figureKey(reference)),
	};
}

async function simulate(
	references: readonly FigureReference[],
	{known = () => undefined, replications}: EvidenceOptions,
): Promise<Map<string, Simulated>> {
	const distinct = new Map(references.map(reference => [keyOf(reference), reference]));
	const simulated = new Map<string, Simulated>();
	const missing: {readonly key: string; readonly experiment: Experiment}[] = [];
	for (const [key, reference] of distinct) {
		const own = await experimentOf(reference);
		const summary = known(own);
		if (summary === undefined) {
			missing.push({key, experiment: replications === undefined ? own : {...own, replications}});
		} else {
			simulated.set(key, {experiment: own, summary});
		}
	}

	const baselines = references.some(({figure}) => figure.includes('.against.'));
	const played = playAll(
		missing.map(({experiment}) => experiment),
		baselines,
	);
	const keys = missing.values();
	for await (const {experiment, summary} of played) {
		simulated.set(keys.next().value!.key, {experiment, summary});
	}

	return simulated;
}

async function* playAll(experiments: readonly Experiment[], baselines: boolean): AsyncGenerator<Simulated, void, void> {
	const replications = experiments.reduce((sum, experiment) => sum + experiment.replications, 0);
	const progress = await showProgress(process.stderr, {replications});
	const stopListening = sayWhenInterrupted(() => {
		progress.stop();
		return 'Interrupted';
	});
	try {
		const options = {workers: availableParallelism(), baselines, onReplication: () => progress.advance()};
		const rest = experiments.values();
		for await (const results of replicateAll(experiments, options)) {
			const experiment = rest.next().value!;
			yield {experiment, summary: summarize(experiment, results)};
			progress.finish(experiment.name, () => {});
		}
	} finally {
		progress.stop();
		stopListening();
	}
}
