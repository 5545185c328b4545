// Simulates replications in a process of its own, which shares nothing with others: node simulate-alone.js FIRST COUNT [SECONDS].
// Says `ready` when its functions are compiled, simulates when a line comes in, and prints how long that took [s].
import process from 'node:process';
import {createInterface} from 'node:readline';
import {readExperiment} from '../build/src/store/experiments/read-experiment.js';
import {timed} from './measure.js';
import {experimentFile, simulateOne} from './parts/full-model.js';

const [first, count, duration] = process.argv.slice(2).map(Number);
const whole = await readExperiment(experimentFile('half-hour'), {});
const experiment = duration === undefined ? whole : {...whole, duration};
for (let number = 1000; number < 1005; number++) {
	simulateOne(experiment, number);
}

process.stdout.write('ready\n');
for await (const _ of createInterface({input: process.stdin})) {
	const {seconds} = await timed(() => {
		for (let number = first; number < first + count; number++) {
			simulateOne(experiment, number);
		}
	});
	process.stdout.write(`${seconds}\n`);
	process.exit(0);
}
