import process from 'node:process';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';

const program = fileURLToPath(new URL('../../../bench/run.js', import.meta.url));

async function bench(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
	const {stdout, stderr, exitCode} = await execa(process.execPath, [program, ...words], {reject: false, env});
	return {stdout, stderr, exitCode};
}

type Spread = {median: number; lowest: number; highest: number; rounds: number};

function isSpread(value: unknown): value is Spread {
	const {median, lowest, highest, rounds} = value as Spread;
	return lowest > 0 && lowest <= median && median <= highest && Number.isInteger(rounds);
}

test('one document holds the machine, the ratios and every part', async t => {
	const {stdout, stderr, exitCode} = await bench(['--quick', '--json']);
	t.is(exitCode, 0, stderr);
	const {kind, isQuick, machine, peers, missing, ratios, parts} = JSON.parse(stdout);
	t.is(kind, 'Benchmark');
	t.true(isQuick);
	t.is(machine.node, process.version);
	t.true(machine.cores >= 1 && machine.memoryBytes > 2 ** 20 && machine.cpu.length > 0 && machine.os.length > 0);
	t.deepEqual(Object.keys(ratios), ['eventLoopToSimPy', 'eventLoopToCpp', 'fullModelToSimPy', 'twoCoresToOne']);
	t.is(ratios.eventLoopToSimPy === null, peers.simpy.needs !== undefined);
	t.is(ratios.fullModelToSimPy === null, peers.simpy.needs !== undefined);
	t.is(ratios.eventLoopToCpp === null, peers.cpp.needs !== undefined);
	t.true(ratios.twoCoresToOne > 0);
	t.is(missing.length, Object.values(peers).filter(peer => (peer as {needs?: string}).needs !== undefined).length);

	t.true(isSpread(parts.eventLoop.mm1.eventsPerSecond.replicast));
	t.true(isSpread(parts.eventLoop.mm4.eventsPerSecond.replicast));
	t.true(isSpread(parts.fullModel.everything.requestsPerSecond));
	t.true(isSpread(parts.decide.decisionsPerSecond));
	t.true(isSpread(parts.replications.replicationsPerSecond.twoCores));
	t.true(isSpread(parts.tune.candidateRunsPerSecond));
	t.true(parts.tune.front.settings > 0 && parts.tune.front.seconds > 0);
	t.true(isSpread(parts.records.requestsPerSecond.load));
	t.true(isSpread(parts.firstOutput.seconds.help));

	// The same model is in theory known: M/M/1 at a load of 0.8 keeps a customer for 5 service times.
	t.true(Math.abs(parts.eventLoop.mm1.meanSojourn.replicast.median - 5) < 1.5);

	const runs = parts.memory.runs as {requests: number; peakBytes: number}[];
	t.true(
		runs.every(({peakBytes}) => peakBytes < 500 * 2 ** 20),
		JSON.stringify(runs),
	);
	const [few, many] = runs as [(typeof runs)[0], (typeof runs)[0]];
	t.true(many.requests > 5 * few.requests);
	t.true(many.peakBytes - few.peakBytes < 100 * 2 ** 20, JSON.stringify(runs));
});

test('a fleet is measured as services and as pods on nodes', async t => {
	const {stdout, stderr, exitCode} = await bench(['fleet', '--quick', '--json']);
	t.is(exitCode, 0, stderr);
	const {services, nodes} = JSON.parse(stdout).parts.fleet;
	t.deepEqual([services.length, nodes.length], [1, 1]);
	t.true(services[0].services === 2 && nodes[0].mostNodes > 0);
	for (const run of [...services, ...nodes]) {
		t.true(run.mostPods > 0 && run.requests > 0 && run.processorSeconds > 0 && run.peakBytes > 2 ** 20);
	}
});

test('what is not on the machine is named, and the rest is measured', async t => {
	const words = ['eventLoop', 'fullModel', '--quick'];
	const json = await bench([...words, '--json'], {PATH: '', PYTHON: 'python3'});
	t.is(json.exitCode, 0, json.stderr);
	const {missing, ratios, parts} = JSON.parse(json.stdout);
	t.deepEqual(
		['SimPy', 'Ciw', 'salabim', 'C++'].map(title =>
			missing.some((words: string) => words.startsWith(`${title} needs `)),
		),
		[true, true, true, true],
	);
	t.deepEqual(ratios, {eventLoopToSimPy: null, eventLoopToCpp: null, fullModelToSimPy: null, twoCoresToOne: null});
	t.is(parts.eventLoop.mm1.eventsPerSecond.simpy, null);
	t.true(isSpread(parts.eventLoop.mm1.eventsPerSecond.replicast));
	t.is(parts.fullModel.sameModel.agreement, null);

	const text = await bench(words, {PATH: '', PYTHON: 'python3'});
	t.is(text.exitCode, 0, text.stderr);
	t.regex(text.stdout, /not measured: SimPy needs python3 with `pip install simpy`/);
	t.regex(text.stdout, /not measured: C\+\+ needs/);
});

test('a part that there is not is refused', async t => {
	const {stdout, stderr, exitCode} = await bench(['evenLoop']);
	t.is(exitCode, 2);
	t.is(stdout, '');
	t.regex(stderr, /^Expected a part to be one of eventLoop, .*, got evenLoop$/);
});
