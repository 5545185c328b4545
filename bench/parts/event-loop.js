// The bare engine beside others: M/M/1 and M/M/4 with a load of 0.8. An event is an arrival or a departure.
import {performance} from 'node:perf_hooks';
import {EventQueue} from '../../build/src/engine/event-queue.js';
import {RandomStream} from '../../build/src/engine/random-stream.js';
import {Simulation} from '../../build/src/engine/simulation.js';
import {runPython, withCompiled} from '../machine.js';
import {interleave, ratio, spread} from '../measure.js';

const load = 0.8;
const models = {
	mm1: {servers: 1, meanSojourn: 1 / (1 - load)},
	mm4: {servers: 4, meanSojourn: sojournOfFour()},
};
/** Mean service times that each side simulates, over the number of servers, by how fast it is. */
const lengths = {replicast: 3_000_000, cpp: 6_000_000, simpy: 60_000, ciw: 30_000, salabim: 3000};

export async function eventLoop({quick, peers}) {
	const scale = quick ? 0.02 : 1;
	const rounds = quick ? 1 : 5;
	const measure = async (cpp, {servers, meanSojourn}) => {
		const until = name => (lengths[name] * scale) / servers;
		const python = name =>
			peers[name].version && (async () => runPython(`queue_${name}.py`, [servers, load, until(name)]));
		engine(servers, until('replicast') / 20); // compiles
		const results = await interleave(
			{
				replicast: () => engine(servers, until('replicast')),
				cpp: cpp && (async () => withSojourn(await cpp([servers, load, until('cpp')]), servers)),
				simpy: python('simpy'),
				ciw: python('ciw'),
				salabim: python('salabim'),
			},
			rounds,
		);
		const figures = key =>
			Object.fromEntries(
				Object.entries(results).map(([name, runs]) => [name, runs && spread(runs.map(run => run[key]))]),
			);
		return {meanSojourn: {theory: meanSojourn, ...figures('meanSojourn')}, eventsPerSecond: figures('eventsPerSecond')};
	};
	const all = async cpp => ({mm1: await measure(cpp, models.mm1), mm4: await measure(cpp, models.mm4)});
	const results = peers.cpp.version ? await withCompiled(peers.cpp.compiler, 'queue.cpp', all) : await all();
	const {eventsPerSecond} = results.mm1;
	return {
		...results,
		nanosecondsPerEvent: partsOfAnEvent(eventsPerSecond.replicast.median, 10_000_000 * scale),
		ratios: {
			eventLoopToSimPy: ratio(eventsPerSecond.replicast, eventsPerSecond.simpy),
			eventLoopToCpp: ratio(eventsPerSecond.replicast, eventsPerSecond.cpp),
		},
	};
}

/** M/M/c until `until` [mean service times]. */
function engine(servers, until) {
	const simulation = new Simulation();
	const arrivals = new RandomStream({seed: 1, replication: 0, purpose: 'arrivals'});
	const services = new RandomStream({seed: 1, replication: 0, purpose: 'services'});
	const rate = load * servers;
	let inSystem = 0;
	// Time integral of the number in the system, and up to when: numbers in a closure would be allocated anew each time.
	const sums = new Float64Array(2);
	const advance = () => {
		sums[0] += inSystem * (simulation.now - sums[1]);
		sums[1] = simulation.now;
	};
	const departure = simulation.declare(1, () => {
		advance();
		if (--inSystem >= servers) {
			simulation.schedule(simulation.now + services.exponential(), departure);
		}
	});
	const arrival = simulation.declare(0, () => {
		advance();
		if (inSystem++ < servers) {
			simulation.schedule(simulation.now + services.exponential(), departure);
		}

		simulation.schedule(simulation.now + arrivals.exponential() / rate, arrival);
	});
	simulation.schedule(arrivals.exponential() / rate, arrival);
	const start = performance.now();
	simulation.run(until);
	const seconds = (performance.now() - start) / 1000;
	return withSojourn({eventsPerSecond: simulation.eventCount / seconds, meanInSystem: sums[0] / until}, servers);
}

/** Little's law: the mean sojourn time is the mean number in the system over the arrival rate. */
function withSojourn({eventsPerSecond, meanInSystem}, servers) {
	return {eventsPerSecond, meanSojourn: meanInSystem / (load * servers)};
}

/** Erlang C for four servers, plus the service itself. */
function sojournOfFour() {
	const offered = 4 * load;
	const waiting = offered ** 4 / 24 / (1 - load);
	const below = 1 + offered + offered ** 2 / 2 + offered ** 3 / 6;
	return waiting / (below + waiting) / (4 - offered) + 1;
}

/** What an event of M/M/1 is spent on: its random number, its way through the queue, and the rest, dispatch and handler. */
function partsOfAnEvent(eventsPerSecond, count) {
	const stream = new RandomStream({seed: 1, replication: 0, purpose: 'arrivals'});
	const draws = Float64Array.from({length: 4096}, () => stream.exponential());
	const drawing = perCall(count, () => stream.exponential());
	const queue = new EventQueue();
	queue.push(draws[0], 0, 0, 0, 0);
	queue.push(draws[1], 1, 1, 0, 0);
	const queueing = perCall(count, index => {
		queue.pop();
		queue.push(queue.time + draws[index & 4095], queue.kind, queue.kind, 0, 0);
		return queue.time;
	});
	const whole = 1e9 / eventsPerSecond;
	return {whole, randomNumber: drawing, queue: queueing, rest: whole - drawing - queueing};
}

/** [ns] */
function perCall(count, call) {
	let sum = 0;
	for (let index = 0; index < count / 10; index++) {
		sum += call(index);
	}

	const start = performance.now();
	for (let index = 0; index < count; index++) {
		sum += call(index);
	}

	const nanoseconds = ((performance.now() - start) * 1e6) / count;
	return Number.isNaN(sum) ? Number.NaN : nanoseconds;
}
