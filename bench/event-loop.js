// M/M/1 on the bare engine, beside the same model in SimPy: events a second on one core, arrivals and departures.
import {execFileSync} from 'node:child_process';
import {performance} from 'node:perf_hooks';
import {fileURLToPath} from 'node:url';
import {RandomStream} from '../dist/engine/random-stream.js';
import {Simulation} from '../dist/engine/simulation.js';

/** Events a second of M/M/1 with a load of 0.8 until `until` [mean service times]. */
function engineRate(until) {
	const simulation = new Simulation();
	const arrivals = new RandomStream({seed: 1, replication: 0, purpose: 'arrivals'});
	const services = new RandomStream({seed: 1, replication: 0, purpose: 'services'});
	let inSystem = 0;
	const departure = simulation.declare(1, () => {
		if (--inSystem > 0) {
			simulation.schedule(simulation.now + services.exponential(), departure);
		}
	});
	const arrival = simulation.declare(0, () => {
		if (inSystem++ === 0) {
			simulation.schedule(simulation.now + services.exponential(), departure);
		}

		simulation.schedule(simulation.now + arrivals.exponential() / 0.8, arrival);
	});
	simulation.schedule(arrivals.exponential() / 0.8, arrival);
	const start = performance.now();
	simulation.run(until);
	return simulation.eventCount / ((performance.now() - start) / 1000);
}

/** The same of SimPy, or undefined where python3 or simpy is missing. */
function simpyRate(until) {
	const script = fileURLToPath(new URL('mm1.py', import.meta.url));
	try {
		return Number(
			execFileSync('python3', [script, String(until)], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}),
		);
	} catch {
		return undefined;
	}
}

engineRate(200_000); // compiles
const engine = engineRate(3_000_000);
const simpy = simpyRate(100_000);
console.log(`event loop, M/M/1: ${millions(engine)} events/s`);
console.log(
	simpy === undefined
		? 'SimPy, M/M/1: not measured; needs python3 with `pip install simpy`'
		: `SimPy, M/M/1: ${millions(simpy)} events/s; the event loop is ${(engine / simpy).toFixed(0)} times as fast`,
);

function millions(rate) {
	return `${(rate / 1e6).toFixed(3)} million`;
}
