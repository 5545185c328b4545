// Candidate-runs a second: one replication of one candidate of dynamic-scaling with the bench profile. The candidates are
// what a search begins with, so that cheap and expensive ones are mixed as they are there.
import {availableParallelism} from 'node:os';
import {fileURLToPath} from 'node:url';
import {defaultControllerConfig} from '../../build/src/autoscaler/contracts.js';
import {CandidatePool} from '../../build/src/library/pool/candidate-pool.js';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';
import {defaultSpace} from '../../build/src/tune/default-space.js';
import {spreadCandidates} from '../../build/src/tune/proposals.js';
import {spread, timed} from '../measure.js';

export async function tune({quick}) {
	const workers = Math.min(2, availableParallelism());
	const file = fileURLToPath(new URL('../../experiments/dynamic-scaling.yaml', import.meta.url));
	const experiment = await readExperiment(file, {profile: 'bench'});
	const count = quick ? 10 : 200;
	const candidates = spreadCandidates(defaultSpace(experiment, {hasTolerance: false}), {count, seed: 1});
	const tasks = [0, 1, 2, 3, 4].flatMap(replication => candidates.map(candidate => ({candidate, replication})));
	const pool = new CandidatePool({experiment, controller: defaultControllerConfig, workers});
	const evaluate = async some => pool.evaluate(some, {isStopped: () => false, onEvaluated() {}});
	try {
		await evaluate(tasks.slice(0, count)); // compiles
		const rates = [];
		for (let round = 0; round < (quick ? 1 : 3); round++) {
			const {seconds} = await timed(async () => evaluate(tasks));
			rates.push(tasks.length / seconds);
		}

		const front = await frontOf({candidates, runs: quick ? 1 : 39, evaluate});
		return {experiment: experiment.name, profile: 'bench', workers, candidateRunsPerSecond: spread(rates), front};
	} finally {
		await pool.close();
	}
}

/** As many runs of each candidate as its prediction intervals take, the machine and the coefficients drawn for each. */
async function frontOf({candidates, runs, evaluate}) {
	const numbers = Array.from({length: runs}, (_, number) => number);
	const {seconds} = await timed(async () =>
		evaluate(numbers.flatMap(replication => candidates.map(candidate => ({candidate, replication})))),
	);
	return {settings: candidates.length, runs, seconds};
}
