// The whole model: pods and their starts, queues, metric pipeline and HPA; simulated requests a second of wall time.
import {createHash} from 'node:crypto';
import {performance} from 'node:perf_hooks';
import {fileURLToPath} from 'node:url';
import {replicate} from '../../build/src/forecast/replicate.js';
import {replicaFigures} from '../../build/src/records/replica-line.js';
import {estimate} from '../../build/src/statistics/estimate.js';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';
import {runPython} from '../machine.js';
import {interleave, ratio, spread} from '../measure.js';

export const experimentFile = name => fileURLToPath(new URL(`../experiments/${name}.yaml`, import.meta.url));

/** Standard errors of the difference within which two means count as the same: in one of 370 comparisons of equals it is more. */
const mostErrors = 3;

export async function fullModel({quick, peers}) {
	const rounds = quick ? 1 : 3;
	const each = quick ? 2 : 4;
	const whole = await readExperiment(experimentFile('half-hour'), {});
	const experiment = quick ? {...whole, duration: 240} : whole;
	const numbers = round => Array.from({length: each}, (_, index) => round * each + index);
	simulateOne(experiment, 1000); // compiles
	const runs = await interleave(
		{
			replicast: round =>
				Array.from({length: 5}, (_, turn) => numbers(rounds * turn + round)).flatMap(some =>
					some.map(number => simulateOne(experiment, number)),
				),
			simpy:
				peers.simpy.version &&
				(async round => runPython('full_model.py', [], {experiment, replications: numbers(round)})),
		},
		rounds,
	);
	const rates = side => runs[side] && spread(runs[side].map(requestsPerSecond));
	const requests = {replicast: rates('replicast'), simpy: rates('simpy')};
	return {
		sameModel: {
			experiment: experiment.name,
			requestsPerSecond: requests,
			agreement: quick || !runs.simpy ? null : agreement(runs),
		},
		...(await loads(quick)),
		ratios: {fullModelToSimPy: ratio(requests.replicast, requests.simpy)},
	};
}

/** Requests a second of longer runs: a day at 50 requests/s, and two hours with all that the model has switched on. */
async function loads(quick) {
	const rates = {};
	for (const name of ['day', 'everything']) {
		const whole = await readExperiment(experimentFile(name), {});
		const experiment = quick ? {...whole, duration: 600} : whole;
		simulateOne({...experiment, duration: Math.min(experiment.duration, 1800)}, 1000); // compiles
		const runs = Array.from({length: quick || name === 'day' ? 1 : 3}, (_, number) => [
			simulateOne(experiment, number),
		]);
		rates[name] = {
			requests: runs[0][0].arrived,
			requestsPerSecond: spread(runs.map(requestsPerSecond)),
			eventsPerSecond: spread(runs.map(([{events, seconds}]) => events / seconds)),
		};
	}

	return rates;
}

function requestsPerSecond(runs) {
	const sum = of => runs.reduce((total, run) => total + of(run), 0);
	return sum(({arrived}) => arrived) / sum(({seconds}) => seconds);
}

/** One replication of each arm that there is, with its schedule drawn and hashed; figures of the dynamic one. */
export function simulateOne(experiment, replication) {
	const start = performance.now();
	const {dynamic, fixed} = replicate(experiment, replication, {
		record: false,
		createHash: () => createHash('sha256'), // as the workers of `replicast run` do
	});
	const seconds = (performance.now() - start) / 1000;
	const {requests, timeline} = dynamic;
	const replicas = replicaFigures(timeline, experiment.warmup, experiment.duration);
	return {
		seconds,
		events: dynamic.eventCount + (fixed?.eventCount ?? 0),
		arrived: requests.requests.arrived + (fixed?.requests.requests.arrived ?? 0),
		figures: {
			replicas: replicas.mean,
			mostReplicas: replicas.max,
			latencySeconds: requests.latencySeconds.mean,
			p95Seconds: requests.latencySeconds.p95,
			availability: requests.availability,
		},
	};
}

/** Whether both sides have the same means: each figure's difference in standard errors. */
function agreement({replicast, simpy}) {
	const figures = Object.keys(simpy[0][0].figures).map(name => {
		const [ours, theirs] = [replicast, simpy].map(side => side.flat().map(run => run.figures[name]));
		const error = Math.hypot(standardError(ours), standardError(theirs));
		const difference = mean(ours) - mean(theirs);
		const standardErrors = difference === 0 ? 0 : Math.abs(difference) / error;
		return [
			name,
			{replicast: estimate(ours), simpy: estimate(theirs), standardErrors, isSame: standardErrors <= mostErrors},
		];
	});
	return {
		replications: {replicast: replicast.flat().length, simpy: simpy.flat().length},
		isSame: figures.every(([, {isSame}]) => isSame),
		figures: Object.fromEntries(figures),
	};
}

function mean(values) {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values) {
	const middle = mean(values);
	const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
	return Math.sqrt(squares / (values.length - 1) / values.length);
}
