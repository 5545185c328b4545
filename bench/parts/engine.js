// The engine that batches: steps a second of one alone, and an hour of pods of them under an autoscaler. Seconds are of
// processor time, all threads together: what one core takes, whatever else runs on the machine.
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {replayRun} from '../../build/src/simulator/batching/replay-run.js';
import {readEngineModel} from '../../build/src/store/experiments/find-engine-model.js';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';
import {spread} from '../measure.js';
import {experimentFile, simulateOne} from './full-model.js';

const modelFile = fileURLToPath(new URL('../../models/engines/llama-3.1-8b-rtx-pro-6000.yaml', import.meta.url));

export async function engine({quick}) {
	const rounds = quick ? 1 : 5;
	const alone = await oneEngine({requests: quick ? 40 : 12_000, rounds});
	const whole = await readExperiment(experimentFile('engine-hour'), {});
	const experiment = quick ? {...whole, duration: 60} : whole;
	simulateOne(experiment, 1000); // compiles
	const runs = Array.from({length: rounds}, (_, number) => {
		const seconds = processorTime();
		return {...simulateOne(experiment, number), seconds: processorTime() - seconds};
	});
	return {
		alone,
		hour: {
			requests: runs[0].arrived,
			mostReplicas: runs[0].figures.mostReplicas,
			seconds: spread(runs.map(({seconds}) => seconds)),
			requestsPerSecond: spread(runs.map(({arrived, seconds}) => arrived / seconds)),
		},
	};
}

/** A saturated engine: 10 requests a second, of 1,000 tokens of prompt and 500 of answer in the mean. */
async function oneEngine({requests, rounds}) {
	const model = await readEngineModel(modelFile);
	const run = runOf(requests);
	replayRun(run, model); // compiles
	const replays = Array.from({length: rounds}, () => {
		const start = processorTime();
		const {steps, end} = replayRun(run, model);
		const seconds = processorTime() - start;
		return {steps, stepsPerSecond: steps / seconds, timesRealTime: end / seconds};
	});
	return {
		requests,
		steps: replays[0].steps,
		stepsPerSecond: spread(replays.map(({stepsPerSecond}) => stepsPerSecond)),
		timesRealTime: spread(replays.map(({timesRealTime}) => timesRealTime)),
	};
}

function runOf(count) {
	const random = randomNumbers(1);
	const column = of => Float64Array.from({length: count}, of);
	let at = 0;
	const none = column(() => Number.NaN);
	const sent = column(() => {
		at -= Math.log(random()) / 10;
		return at;
	});
	return {
		settings: {dataParallel: 1},
		requests: {
			...{sent, queued: none, firstToken: none, lastToken: none},
			promptTokens: column(() => Math.ceil(2000 * random())),
			outputTokens: column(() => Math.ceil(1000 * random())),
			sharedTokens: column(() => 0),
			sharedWith: none,
		},
		timeline: {at: new Float64Array(0), running: new Float64Array(0), waiting: new Float64Array(0)},
	};
}

/** Of this process so far [s]. */
function processorTime() {
	const {user, system} = process.cpuUsage();
	return (user + system) / 1e6;
}

/** Park and Miller's generator: the same load on every machine. */
function randomNumbers(seed) {
	let state = seed;
	return () => {
		state = (state * 48_271) % 2_147_483_647;
		return state / 2_147_483_647;
	};
}
