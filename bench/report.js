/** The results as lines that a person reads. */
export function report({machine, peers, missing, ratios, parts}) {
	const {cpu, cores, memoryBytes, node, os, distribution, loadAverage} = machine;
	const versions = Object.values(peers).flatMap(({title, version}) => (version ? [`${title} ${version}`] : []));
	const lines = [
		`${cpu}, ${cores} cores, ${gibibytes(memoryBytes)}, Node ${node}, ${os}${distribution ? `, ${distribution}` : ''}`,
		`load ${loadAverage.toFixed(2)}; beside ${versions.join(', ') || 'nothing'}`,
		...missing.map(words => `not measured: ${words}`),
		...Object.entries(parts).flatMap(([name, results]) => ['', ...rows[name](results)]),
		'',
		...Object.entries(ratioWords).map(([name, words]) => row(words, ratios[name] === null ? '–' : times(ratios[name]))),
	];
	return `${lines.join('\n')}\n`;
}

const ratioWords = {
	eventLoopToSimPy: 'event loop, M/M/1, against SimPy',
	eventLoopToCpp: 'event loop, M/M/1, against C++',
	fullModelToSimPy: 'full model against SimPy',
	twoCoresToOne: 'two cores against one',
};

const sides = {replicast: 'Replicast', cpp: 'C++', simpy: 'SimPy', ciw: 'Ciw', salabim: 'salabim'};

const rows = {
	eventLoop({mm1, mm4, nanosecondsPerEvent}) {
		const {whole, randomNumber, queue, rest} = nanosecondsPerEvent;
		return [
			...sidesOf('M/M/1', mm1.eventsPerSecond, 'events/s'),
			...sidesOf('M/M/4', mm4.eventsPerSecond, 'events/s'),
			row(
				'an event of M/M/1',
				`${whole.toFixed(0)} ns: random number ${randomNumber.toFixed(0)}, queue ${queue.toFixed(0)}, rest ${rest.toFixed(0)}`,
			),
		];
	},
	fullModel({sameModel, day, everything}) {
		const {requestsPerSecond, agreement} = sameModel;
		return [
			...sidesOf('half-hour', requestsPerSecond, 'requests/s'),
			...(agreement ? [row('  the same means as SimPy’s', agreement.isSame ? 'yes' : 'NO')] : []),
			row('day at 50 requests/s', rate(day.requestsPerSecond, 'requests/s')),
			row('everything switched on', rate(everything.requestsPerSecond, 'requests/s')),
		];
	},
	engine: ({alone, hour}) => [
		row('one engine, saturated', rate(alone.stepsPerSecond, 'steps/s')),
		row('  simulated time', rate(alone.timesRealTime, 'times real time')),
		row(`an hour of ${count(hour.requests)} requests, ${hour.mostReplicas} engines`, secondsOf(hour.seconds)),
	],
	customMetrics: ({costs}) =>
		Object.entries(costs).flatMap(([name, kinds]) =>
			Object.entries(kinds).map(([kind, {median}]) => row(`${name} with a metric of ${kind} too`, times(median))),
		),
	decide: ({decisionsPerSecond}) => [row('decide, six pods, two metrics', rate(decisionsPerSecond, 'decisions/s'))],
	replications: ({replicationsPerSecond: {oneCore, twoCores, oneProcess, twoProcesses}, twoProcessesToOne}) => [
		row('replications of half-hour, one core', rate(oneCore, '/s')),
		row('replications of half-hour, two cores', rate(twoCores, '/s')),
		row('  one process alone', rate(oneProcess, '/s')),
		row('  two that share nothing', `${rate(twoProcesses, '/s')}, ${times(twoProcessesToOne)}`),
	],
	tune: ({workers, candidateRunsPerSecond, front}) => [
		row(`tune, dynamic-scaling bench, ${workers} threads`, rate(candidateRunsPerSecond, 'candidate-runs/s')),
		row(
			`  ${front.settings} settings with prediction intervals`,
			`${front.seconds.toFixed(1)} s, ${front.runs} runs each`,
		),
	],
	memory: ({runs}) => runs.map(longRun),
	records: ({requests, bytesPerRequest, requestsPerSecond: {write, load}}) => [
		row(`record of ${count(requests)} requests`, `${bytesPerRequest.toFixed(1)} bytes a request`),
		row('  written', rate(write, 'requests/s')),
		row('  loaded', rate(load, 'requests/s')),
	],
	firstOutput: ({seconds: {node, help, run}}) => [
		row('first output of Node itself', `${(node.median * 1000).toFixed(0)} ms`),
		row('first output of --help', `${(help.median * 1000).toFixed(0)} ms`),
		row('first output of run', `${(run.median * 1000).toFixed(0)} ms`),
	],
	year: run => [row(`${run.days} days of ${run.experiment}, ${run.arms} arms`, ''), longRun(run)],
	hundredMillion: run => [longRun(run)],
	week: run => [row(`week of vLLM, up to ${run.mostPods} pods`, ''), longRun(run)],
	fleet: ({services, nodes}) => [
		...services.map(run =>
			row(`day of ${count(run.services)} services, up to ${count(run.mostPods)} pods`, usedWords(run)),
		),
		...nodes.map(run =>
			row(`day of up to ${count(run.mostPods)} pods on ${count(run.mostNodes)} nodes`, usedWords(run)),
		),
	],
	nodes: run => [row(`day of up to ${run.mostPods} pods on ${run.mostNodes} nodes`, ''), longRun(run)],
};

function sidesOf(model, rates, unit) {
	return Object.entries(rates)
		.filter(([, found]) => found)
		.map(([name, found]) => row(`${model}, ${sides[name]}`, rate(found, unit)));
}

function secondsOf({median, lowest, highest}) {
	return `${median.toFixed(2)} s [${lowest.toFixed(2)}, ${highest.toFixed(2)}]`;
}

function usedWords({requests, seconds, processorSeconds, peakBytes}) {
	const time = `${seconds.toFixed(0)} s, ${processorSeconds.toFixed(0)} s of processor time`;
	return `${count(requests)} requests, ${time}, peak memory ${gibibytes(peakBytes)}`;
}

function longRun({requests, seconds, peakBytes}) {
	return row(`run of ${count(requests)} requests`, `${seconds.toFixed(1)} s, peak memory ${gibibytes(peakBytes)}`);
}

function rate({median, lowest, highest, rounds}, unit) {
	return `${count(median)} ${unit}${rounds > 1 ? ` [${count(lowest)}, ${count(highest)}]` : ''}`;
}

function count(number) {
	return Number(number.toPrecision(3)).toLocaleString('en');
}

const gibibytes = bytes => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
const times = number => `${number.toPrecision(3)} times`;
const row = (name, value) => `${name.padEnd(44)} ${value}`.trimEnd();
