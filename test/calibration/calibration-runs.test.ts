import test from 'ava';
import {mean} from 'simple-statistics';
import {type CalibrationRun, calibrationRuns} from '../../src/calibration/calibration-runs.ts';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {UserScript} from '../../src/experiment/schedule-users.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

const folder = 'experiments/calibration';
const read = async (profile?: string) => {
	const options = profile === undefined ? {} : {profile};
	return {
		service: await readExperiment(`${folder}/service.yaml`, options),
		startup: await readExperiment(`${folder}/start-up.yaml`, options),
	};
};
const bench = await read('bench');
const runs = calibrationRuns(bench, {isShort: false});
const limits = ({experiment}: CalibrationRun) =>
	experiment.deployment.containers.find(({name}) => name === 'ollama')!.limits;
const seconds = (all: readonly CalibrationRun[]) => all.reduce((sum, {experiment}) => sum + experiment.duration, 0);

test('the bench session is a grid, pods side by side, other limits, long contexts and starts', t => {
	t.deepEqual(
		runs.map(({name}) => name),
		['grid', 'sharing-2', 'sharing-4', 'sharing-6', 'limit-250m', 'limit-500m', 'contexts', 'start-up'],
	);
	t.deepEqual(
		runs.map(({arm, experiment}) => (arm === 'fixed' ? experiment.fixed!.replicas : 'autoscaled')),
		[1, 2, 4, 6, 1, 1, 1, 'autoscaled'],
	);
	t.deepEqual(
		runs.map(run => limits(run).cpu),
		[0.125, 0.125, 0.125, 0.125, 0.25, 0.5, 0.5, 0.125],
	);
	// With some 45 s before each run the metrics are watched for more than half an hour.
	t.true(seconds(runs) + 45 * runs.length > 1800 && seconds(runs) < 1600, `${seconds(runs)}`);
});

test('slots are measured one number of them a run, in one pod with more users than slots', t => {
	const slots = calibrationRuns(bench, {isShort: false, slots: [1, 2, 4]}).filter(({name}) =>
		name.startsWith('slots-'),
	);
	t.deepEqual(
		slots.map(({name, experiment}) => [name, experiment.deployment.llm.parallel, experiment.fixed!.replicas]),
		[
			['slots-2', 2, 1],
			['slots-4', 4, 1],
		],
	);
	t.true(
		slots.every(
			({experiment: {workload, deployment}}) =>
				workload.loop === 'closed' && workload.users.count > deployment.llm.parallel,
		),
	);
	t.is(new Set([...slots, ...runs].map(({experiment}) => experiment.hash)).size, runs.length + 2);
});

test('every run is an experiment of its own, the same each time, and the grid is the file’s', t => {
	const hashes = runs.map(({experiment}) => experiment.hash);
	t.is(new Set(hashes).size, hashes.length);
	t.is(hashes[0], bench.service.hash);
	t.is(hashes.at(-1), bench.startup.hash);
	t.deepEqual(
		calibrationRuns(bench, {isShort: false}).map(({experiment}) => experiment.hash),
		hashes,
	);
});

test('a short session is shorter and of other experiments, so that it cannot be taken for a whole one', t => {
	const short = calibrationRuns(bench, {isShort: true});
	t.true(seconds(short) < seconds(runs) / 3);
	const whole = new Set(runs.map(({experiment}) => experiment.hash));
	t.true(short.every(({experiment, isShort}) => isShort && !whole.has(experiment.hash)));
});

test('a grid asks for each of its sixteen combinations, several times in the time that it has', t => {
	const script = new UserScript(bench.service, 0, 0);
	const cells = new Map<string, number>();
	for (let turn = 0; turn < 90; turn++) {
		script.nextTurn();
		const cell = `${script.promptTokens} ${script.outputTokens}`;
		cells.set(cell, (cells.get(cell) ?? 0) + 1);
	}

	t.is(cells.size, 16);
	t.true(Math.min(...cells.values()) >= 3, JSON.stringify([...cells]));
});

test('limits of a whole core are cut, requests with them, since threads use no more', async t => {
	const whole = calibrationRuns(await read(), {isShort: false});
	const cut = whole.filter(({name}) => name.startsWith('limit-'));
	t.deepEqual(
		cut.map(run => limits(run).cpu),
		[0.25, 0.5],
	);
	t.is(cut[0]!.experiment.deployment.containers.find(({name}) => name === 'ollama')!.requests.cpu, 0.25);
	t.is(limits(whole.find(({name}) => name === 'contexts')!).cpu, 1);
});

test('where a request takes some three seconds the rounds of start-up make some twenty pods', t => {
	const {deployment} = bench.startup;
	const {service} = deployment;
	const work = {perRequest: 0.05, perPromptToken: 0.005, perOutputToken: 0.012, idleCpu: {llm: 0.0005, backend: 0.003}};
	const quick = {...service, ...work} as typeof service;
	const schedule = new MeasuredSchedule({...bench.startup, deployment: {...deployment, service: quick}});
	const counts = [0, 1, 2, 3].map(replication => {
		const {pods, requests} = schedule.simulate(replication).tables;
		const made = pods.pod.filter((_, row) => pods.event[row] === 'created' && pods.seconds[row]! >= 0);
		const served = new Set(requests.pod.filter((_, row) => requests.outcome[row] === 'completed'));
		const told = `${made.length} made, ${made.filter(pod => served.has(pod)).length} served`;
		t.true(made.length >= 15 && made.filter(pod => served.has(pod)).length >= 12, told);
		return made.length;
	});
	t.true(mean(counts) >= 20, `${counts}`);
});
