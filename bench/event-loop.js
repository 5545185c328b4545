// M/M/1 on the bare engine: events a second of one core.
import {performance} from 'node:perf_hooks';
import {RandomStream} from '../dist/engine/random-stream.js';
import {Simulation} from '../dist/engine/simulation.js';

export function mm1({arrivalRate, serviceRate, until, seed = 1}) {
	const simulation = new Simulation();
	const arrivals = new RandomStream({seed, replication: 0, purpose: 'arrivals'});
	const services = new RandomStream({seed, replication: 0, purpose: 'services'});
	let inSystem = 0;
	const departure = simulation.declare(1, () => {
		if (--inSystem > 0) {
			simulation.schedule(simulation.now + services.exponential() / serviceRate, departure);
		}
	});
	const arrival = simulation.declare(0, () => {
		if (inSystem++ === 0) {
			simulation.schedule(simulation.now + services.exponential() / serviceRate, departure);
		}

		simulation.schedule(simulation.now + arrivals.exponential() / arrivalRate, arrival);
	});
	simulation.schedule(arrivals.exponential() / arrivalRate, arrival);
	const start = performance.now();
	simulation.run(until);
	return simulation.eventCount / ((performance.now() - start) / 1000);
}

mm1({arrivalRate: 0.8, serviceRate: 1, until: 100_000});
console.log(`event loop, M/M/1: ${Math.round(mm1({arrivalRate: 0.8, serviceRate: 1, until: 3_000_000})).toLocaleString('en')} events/s`);
