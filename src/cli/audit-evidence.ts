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

/** Everything that a claims file points at: its experiments are simulated, each once, and its records are read. */
export async function gatherEvidence(file: ClaimsFile, {records}: {readonly records: string}): Promise<Evidence> {
	const {claims, figures} = file;
	const references = [...figures, ...claims].flatMap(({experiment}) => experiment ?? []);
	const simulated = await simulate(references);
	const measured = await measuredFigures(
		claims.flatMap(({measured}) => measured ?? []),
		records,
	);
	return {
		simulated: reference => {
			const {experiment, summary} = simulated.get(keyOf(reference))!;
			return figureAt(reference.figure, experiment, summary);
		},
		measured: (reference): (Found & MeasuredFigure) | undefined => measured.get(figureKey(reference)),
	};
}

async function simulate(references: readonly FigureReference[]): Promise<Map<string, Simulated>> {
	const distinct = new Map(references.map(reference => [keyOf(reference), reference]));
	const experiments = await Promise.all([...distinct.values()].map(experimentOf));
	const replications = experiments.reduce((sum, experiment) => sum + experiment.replications, 0);
	const progress = showProgress(process.stderr, {replications});
	sayWhenInterrupted(() => {
		progress.stop();
		return 'Interrupted';
	});
	const simulated = new Map<string, Simulated>();
	try {
		const options = {
			workers: availableParallelism(),
			baselines: references.some(({figure}) => figure.includes('.against.')),
			onReplication: () => progress.advance(),
		};
		const keys = [...distinct.keys()];
		for await (const results of replicateAll(experiments, options)) {
			const experiment = experiments[simulated.size]!;
			simulated.set(keys[simulated.size]!, {experiment, summary: summarize(experiment, results)});
			progress.finish(experiment.name, () => {});
		}
	} finally {
		progress.stop();
	}

	return simulated;
}
