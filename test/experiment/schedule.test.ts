import test from 'ava';
import {mean, sampleStandardDeviation} from 'simple-statistics';
import type {Experiment, RenewalArrivals, Tenant} from '../../src/experiment/experiment.ts';
import {Schedule, type ScheduleBlock} from '../../src/experiment/schedule.ts';
import {
	closedScheduleHash,
	createSha256,
	HashedRequests,
	openScheduleHash,
} from '../../src/experiment/schedule-hash.ts';
import {UserScript} from '../../src/experiment/schedule-users.ts';
import {makeExperiment, openWorkload} from '../simulator/make-experiment.ts';

type Row = {at: number; tenant: number; conversation: number; promptTokens: number; outputTokens: number};

function rowsOf(experiment: Experiment, replication = 0): Row[] {
	return [...new Schedule(experiment, replication).blocks()].flatMap(rowsOfBlock);
}

// A block is valid until the next is taken: its rows are copied out one block at a time.
function rowsOfBlock({count, at, tenant, conversation, promptTokens, outputTokens}: ScheduleBlock): Row[] {
	return Array.from({length: count}, (_, row) => ({
		at: at[row]!,
		tenant: tenant[row]!,
		conversation: conversation[row]!,
		promptTokens: promptTokens[row]!,
		outputTokens: outputTokens[row]!,
	}));
}

const arrivals = (parts: Partial<RenewalArrivals>): Experiment['workload'] => ({
	...openWorkload(1),
	loop: 'open',
	arrivals: {process: 'poisson', cv: 1, interpolation: 'step', rate: [{at: 0, perSecond: 5}], ...parts},
});

const gapsOf = (rows: readonly Row[]) => rows.slice(1).map(({at}, index) => at - rows[index]!.at);

test('poisson arrivals have the rate, and gaps as wide as their mean', t => {
	const gaps = gapsOf(rowsOf(makeExperiment({duration: 20_000, workload: arrivals({})})));
	t.true(Math.abs(mean(gaps) - 0.2) < 0.002);
	t.true(Math.abs(sampleStandardDeviation(gaps) / mean(gaps) - 1) < 0.02);
});

test('gamma arrivals have their coefficient of variation', t => {
	for (const cv of [0.5, 3]) {
		const gaps = gapsOf(rowsOf(makeExperiment({duration: 20_000, workload: arrivals({process: 'gamma', cv})})));
		t.true(Math.abs(mean(gaps) - 0.2) < 0.01, `cv ${cv}: mean ${mean(gaps)}`);
		t.true(Math.abs(sampleStandardDeviation(gaps) / mean(gaps) / cv - 1) < 0.05, `cv ${cv}`);
	}
});

test('deterministic arrivals come at the rate, the first after one gap', t => {
	const rows = rowsOf(makeExperiment({duration: 1.1, workload: arrivals({process: 'deterministic', cv: 0})}));
	t.deepEqual(
		rows.map(({at}) => Number(at.toFixed(9))),
		[0.2, 0.4, 0.6, 0.8, 1],
	);
});

test('a step in the rate acts at once, and nothing comes at rate 0', t => {
	const rate = [
		{at: 10, perSecond: 2},
		{at: 20, perSecond: 0},
		{at: 30, perSecond: 1},
	];
	const rows = rowsOf(makeExperiment({duration: 40, workload: arrivals({process: 'deterministic', cv: 0, rate})}));
	const between = (from: number, to: number) => rows.filter(({at}) => at > from && at <= to + 1e-9).length;
	t.deepEqual([between(0, 10), between(10, 20), between(20, 30), between(30, 40)], [0, 20, 0, 9]);
});

test('a linear rate gives the area under its line', t => {
	const rate = [
		{at: 0, perSecond: 0},
		{at: 100, perSecond: 10},
		{at: 200, perSecond: 0},
	];
	const experiment = makeExperiment({
		duration: 300,
		workload: arrivals({process: 'deterministic', cv: 0, interpolation: 'linear', rate}),
	});
	const rows = rowsOf(experiment);
	const before = (time: number) => rows.filter(({at}) => at <= time + 1e-6).length;
	t.deepEqual([before(50), before(100), before(150), before(200)], [125, 500, 875, 1000]);
});

const twoTenants: readonly Tenant[] = [
	{name: 'a', share: 2, conversations: 10},
	{name: 'b', share: 1, conversations: 4},
];

test('tenants get their shares and spread over their conversations', t => {
	const rows = rowsOf(makeExperiment({duration: 10_000, workload: {...arrivals({}), tenants: twoTenants}}));
	t.true(Math.abs(rows.filter(({tenant}) => tenant === 0).length / rows.length - 2 / 3) < 0.01);
	const seen = new Set(rows.filter(({tenant}) => tenant === 1).map(({conversation}) => conversation));
	t.deepEqual([...seen].sort(), [0, 1, 2, 3]);
});

test("a tenant's own arrivals come on top and leave the others as they were", t => {
	const quiet = makeExperiment({duration: 500, workload: {...arrivals({}), tenants: twoTenants}});
	const own: RenewalArrivals = {process: 'poisson', cv: 1, interpolation: 'step', rate: [{at: 100, perSecond: 20}]};
	const noisy = {
		...quiet,
		workload: {...quiet.workload, tenants: [twoTenants[0]!, {...twoTenants[1]!, arrivals: own}]},
	};
	const before = rowsOf(quiet);
	const after = rowsOf(noisy);
	t.true(after.length > before.length + 7000);
	t.true(after.every(({at}, index) => index === 0 || at >= after[index - 1]!.at));
	const kept = new Set(after.map(row => JSON.stringify(row)));
	t.true(before.every(row => kept.has(JSON.stringify(row))));
});

test('common random numbers: the autoscaler and the pods leave every draw as it was', t => {
	const experiment = makeExperiment({duration: 300, workload: arrivals({})});
	const other = makeExperiment({
		duration: 300,
		workload: arrivals({}),
		autoscaler: {minReplicas: 2, maxReplicas: 9, metrics: []},
		deployment: {replicas: 4, balancing: 'round-robin'},
	});
	t.deepEqual(rowsOf(other), rowsOf(experiment));
	t.is(openScheduleHash(new Schedule(other, 0)), openScheduleHash(new Schedule(experiment, 0)));
});

test('a change of the token sizes leaves the arrivals as they were', t => {
	const experiment = makeExperiment({duration: 300, workload: arrivals({})});
	const longer = makeExperiment({
		duration: 300,
		workload: {
			...arrivals({}),
			requests: {
				promptTokens: {distribution: 'exponential', mean: 99},
				outputTokens: {distribution: 'constant', value: 3},
			},
		},
	});
	t.deepEqual(
		rowsOf(longer).map(({at}) => at),
		rowsOf(experiment).map(({at}) => at),
	);
});

test('seed and replication change the draws, and their hash', t => {
	const experiment = makeExperiment({duration: 100, workload: arrivals({})});
	const hashes = [
		openScheduleHash(new Schedule(experiment, 0)),
		openScheduleHash(new Schedule(experiment, 1)),
		openScheduleHash(new Schedule({...experiment, seed: 2}, 0)),
	];
	t.is(new Set(hashes).size, 3);
	t.is(openScheduleHash(new Schedule(experiment, 0)), hashes[0]!);
});

test('a schedule read twice, from kept blocks and drawn again, is the same', t => {
	const experiment = makeExperiment({duration: 6000, workload: arrivals({rate: [{at: 0, perSecond: 400}]})});
	const schedule = new Schedule(experiment, 0);
	const first = openScheduleHash(schedule);
	t.is(openScheduleHash(schedule), first);
	t.is(openScheduleHash(new Schedule(experiment, 0)), first);
});

test('requests that are hashed as they are played have the hash of their schedule', t => {
	const experiment = makeExperiment({duration: 6000, workload: arrivals({rate: [{at: 0, perSecond: 5}]})});
	const expected = openScheduleHash(new Schedule(experiment, 0));
	const requests = () => new HashedRequests(new Schedule(experiment, 0), createSha256);
	const played = requests();
	const rows = [...played.blocks()].flatMap(rowsOfBlock);
	t.deepEqual(rows, rowsOf(experiment));
	t.is(played.digest(), expected);
	t.deepEqual([...played.blocks()].flatMap(rowsOfBlock), rows, 'and once more');
	t.is(played.digest(), expected);
	t.is(requests().digest(), expected, 'never played');

	const brokenOff = requests();
	for (const {count} of brokenOff.blocks()) {
		t.true(count > 0);
		break;
	}

	t.is(brokenOff.digest(), expected, 'not played to the end');
});

test('a trace is played as it stands, within the duration', t => {
	const trace = {
		process: 'trace',
		at: [1, 2.5, 2.5, 99],
		promptTokens: [7, 8, 9, 1],
		outputTokens: [1, 2, 3, 1],
	} as const;
	const rows = rowsOf(makeExperiment({duration: 50, workload: {...openWorkload(1), loop: 'open', arrivals: trace}}));
	t.deepEqual(
		rows.map(({at, promptTokens, outputTokens}) => [at, promptTokens, outputTokens]),
		[
			[1, 7, 1],
			[2.5, 8, 2],
			[2.5, 9, 3],
		],
	);
});

const closed = (count: number) => {
	const {requests, connections, timeout} = openWorkload(1);
	return makeExperiment({
		workload: {
			requests: {...requests, promptTokens: {distribution: 'lognormal', mean: 40, cv: 1}},
			connections,
			timeout,
			tenants: twoTenants,
			loop: 'closed',
			users: {count, thinkTime: {distribution: 'exponential', mean: 2}},
		},
	});
};

test('users of a closed loop are dealt to tenants by their shares', t => {
	const scripts = Array.from({length: 9}, (_, user) => new UserScript(closed(9), 0, user));
	t.is(scripts.filter(({tenant}) => tenant === 0).length, 6);
	t.is(new Set(scripts.map(({tenant, conversation}) => `${tenant}/${conversation}`)).size, 9);
});

test("a user's turns depend on the user alone", t => {
	const turnsOf = (count: number) => {
		const script = new UserScript(closed(count), 0, 3);
		return Array.from({length: 20}, () => [script.nextTurn(), script.promptTokens, script.outputTokens]);
	};
	t.deepEqual(turnsOf(9), turnsOf(30));
	t.is(closedScheduleHash(closed(9), 0), closedScheduleHash(closed(9), 0));
	t.not(closedScheduleHash(closed(9), 0), closedScheduleHash(closed(9), 1));
});

test('gaps of 0 at the foot of a rising rate are arrivals like any other', t => {
	const rate = [
		{at: 0, perSecond: 0},
		{at: 500, perSecond: 2},
	];
	for (let seed = 0; seed < 50; seed++) {
		const workload = arrivals({process: 'gamma', cv: 20, interpolation: 'linear', rate});
		const [first, ...rest] = rowsOf(makeExperiment({seed, workload}));
		t.true(first !== undefined && rest.every(({at}) => at >= first.at));
	}
});

test('a hundred thousand users are dealt like nine', t => {
	const experiment = closed(100_000);
	let first = 0;
	for (let user = 0; user < 100_000; user++) {
		first += new UserScript(experiment, 0, user).tenant === 0 ? 1 : 0;
	}

	t.is(first, 66_667);
});
