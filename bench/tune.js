// Candidate-runs a second: one replication of one candidate of dynamic-scaling with the bench profile, on all cores. The
// candidates are what a search begins with, so that cheap and expensive ones are mixed as they are there.
import {availableParallelism} from 'node:os';
import {performance} from 'node:perf_hooks';
import {fileURLToPath} from 'node:url';
import {defaultControllerConfig} from '../dist/autoscaler/controller-config.js';
import {readExperiment} from '../dist/files/read-experiment.js';
import {CandidatePlayer} from '../dist/parallel/play-candidates.js';
import {defaultSpace} from '../dist/tune/default-space.js';
import {spreadCandidates} from '../dist/tune/proposals.js';

const workers = Number(process.env.WORKERS ?? availableParallelism());
const file = fileURLToPath(new URL('../experiments/dynamic-scaling.yaml', import.meta.url));
const experiment = await readExperiment(file, {profile: 'bench'});
const candidates = spreadCandidates(defaultSpace(experiment, {hasTolerance: false}), {count: 200, seed: 1});
const tasks = [0, 1, 2, 3, 4].flatMap(replication => candidates.map(candidate => ({candidate, replication})));
const player = new CandidatePlayer({experiment, controller: defaultControllerConfig, workers});
const play = async some => player.play(some, {isStopped: () => false, onPlayed() {}});
await play(tasks.slice(0, 200)); // compiles
const start = performance.now();
await play(tasks);
const seconds = (performance.now() - start) / 1000;
await player.close();
console.log(
	`tune, dynamic-scaling bench: ${(tasks.length / seconds).toFixed(0)} candidate-runs/s on ${workers} threads`,
);
