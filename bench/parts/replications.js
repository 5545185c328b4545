// Replications a second on one core and on two, as the library simulates them: threads are started and the results sent back.
// Beside it what the machine itself gives: the same replications in one process and in two that share nothing.
import {spawn} from 'node:child_process';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {forecast, readExperiment} from '../../dist/index.js';
import {interleave, ratio, spread, timed} from '../measure.js';
import {experimentFile} from './full-model.js';

const simulateAlone = fileURLToPath(new URL('../simulate-alone.js', import.meta.url));

export async function replications({quick}) {
	const whole = await readExperiment(experimentFile('half-hour'), {});
	const count = quick ? 4 : 120;
	const experiment = {...whole, replications: count, ...(quick && {duration: 120})};
	const onThreads = async workers => {
		const {seconds, value} = await timed(async () => forecast(experiment, {workers}));
		if (value.replications !== count) {
			throw new Error(`Expected ${count} replications, got ${value.replications}`);
		}

		return count / seconds;
	};
	const each = quick ? 2 : 40;
	const inProcesses = async processes => processesPerSecond(processes, {each, words: quick ? [120] : []});
	const rates = await interleave(
		{
			oneCore: () => onThreads(1),
			twoCores: () => onThreads(2),
			oneProcess: () => inProcesses(1),
			twoProcesses: () => inProcesses(2),
		},
		quick ? 1 : 2,
	);
	const [oneCore, twoCores] = [spread(rates.oneCore), spread(rates.twoCores)];
	const [oneProcess, twoProcesses] = [spread(rates.oneProcess), spread(rates.twoProcesses)];
	return {
		experiment: experiment.name,
		replications: count,
		replicationsPerSecond: {oneCore, twoCores, oneProcess, twoProcesses},
		/** What two cores of this machine give at most. */
		twoProcessesToOne: ratio(twoProcesses, oneProcess),
		ratios: {twoCoresToOne: ratio(twoCores, oneCore)},
	};
}

/** Sum of what each process simulates a second; all begin when the last is ready. */
async function processesPerSecond(processes, {each, words}) {
	const running = Array.from({length: processes}, (_, index) =>
		spawn(process.execPath, [simulateAlone, index * each, each, ...words].map(String), {
			stdio: ['pipe', 'pipe', 'inherit'],
		}),
	);
	const lines = running.map(({stdout}) => createInterface({input: stdout})[Symbol.asyncIterator]());
	const said = async () => Promise.all(lines.map(async line => (await line.next()).value));
	try {
		refuseUnless(await said(), text => text === 'ready');
		for (const {stdin} of running) {
			stdin.end('go\n');
		}

		const seconds = (await said()).map(Number);
		refuseUnless(seconds, taken => taken > 0);
		return seconds.reduce((sum, taken) => sum + each / taken, 0);
	} finally {
		for (const child of running) {
			child.kill();
		}
	}
}

function refuseUnless(values, isRight) {
	for (const value of values) {
		if (!isRight(value)) {
			throw new Error(`Expected bench/simulate-alone.js to simulate, got ${value}`);
		}
	}
}
