import {hpaManifest} from '../cluster/setup/hpa-manifest.ts';
import {currencySign} from '../experiment/currency.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Tuning} from '../tune/tuning.ts';

/** What `tune --json` prints and `tune.json` holds. */
export function tuneDocument(experiment: Experiment, tuning: Tuning, {kubernetes}: {readonly kubernetes: string}) {
	const {name, profile, hash, replications} = experiment;
	const {space, goal, seed, end, runs, correctness, recommended, found, saved, candidates, sensitivity} = tuning;
	return {
		apiVersion: 'replicast/v1',
		kind: 'Tuning',
		experiment: {name, ...(profile !== undefined && {profile}), hash},
		kubernetes,
		space,
		minimize: goal.minimize,
		subjectTo: goal.constraints.map(({text}) => text),
		seed,
		end,
		runs,
		replications,
		probabilityOfCorrectSelection: correctness.correct,
		probabilityOfGoodSelection: {probability: correctness.good, within: correctness.within},
		units: {
			costPerHour: `${currencySign(experiment.prices.currency)}/h`,
			p95Seconds: 's',
			sloMisses: '1',
			availability: '1',
			churn: 'pods/h',
			energy: 'Wh',
			replicas: 'pods',
		},
		probabilityOfKeepingBounds: found,
		recommended: {autoscaler: hpaManifest(recommended.autoscaler).spec, containers: recommended.containers},
		saved,
		candidates,
		sensitivity,
	};
}
