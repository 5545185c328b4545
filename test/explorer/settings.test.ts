import test from 'ava';
import {decodeExplored, encodeExplored} from '../../src/explorer/explored.ts';
import {controlsOf, experimentWith, type Settings, setOptionsOf} from '../../src/explorer/settings.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import type {Value} from '../../src/tune/knob.ts';
import {removeTemporaryFolders, temporaryFolder} from '../cli/run-command.ts';
import {exploredOf, shipped, traceSettings} from './experiments.ts';

test.after.always(removeTemporaryFolders);

/** Ends of a slider that are not where it stands; a policy that is taken away leaves another. */
function otherEnds({own, stops}: {own: Value; stops: readonly Value[]}): Value[] {
	return [
		...new Set([stops[0]!, stops.findLast(stop => typeof stop === 'number') ?? stops.at(-1)!, stops.at(-1)!]),
	].filter(stop => stop !== own);
}

/** What else has to move so that the settings go together. */
function companions(name: string, value: Value): [string, Value][] {
	switch (name) {
		case 'minReplicas':
			return [['maxReplicas', value]];
		case 'maxReplicas':
			return [['minReplicas', value]];
		case 'scaleDown.percent':
			return value === 'none' ? [['scaleDown.pods', 2]] : [];
		default:
			return [];
	}
}

/** The page's settings change what the experiment was read from, which the page leaves out. */
async function withoutOrigin(path: string, set: readonly string[]) {
	const {origin: _, ...experiment} = await readExperiment(path, {set});
	return experiment;
}

const isTheSame = test.macro({
	async exec(t, name: string, set: readonly string[] | 'trace') {
		const given = set === 'trace' ? await traceSettings(await temporaryFolder()) : set;
		const path = shipped(name);
		const explored = decodeExplored(encodeExplored(await exploredOf(path, given)));
		t.deepEqual(explored.experiment, await withoutOrigin(path, given));
		const controls = controlsOf(explored);
		const check = async (settings: Settings) => {
			const experiment = experimentWith(explored.experiment, controls, settings);
			const changes = setOptionsOf(experiment, controls, settings);
			t.deepEqual(experiment, await withoutOrigin(path, [...given, ...changes]), changes.join(' '));
			t.not(experiment.hash === explored.experiment.hash && changes.some(text => !text.startsWith('prices.')), true);
		};
		await check(new Map());
		for (const control of controls) {
			t.true(control.stops.includes(control.own), control.name);
			for (const value of otherEnds(control)) {
				await check(new Map([[control.name, value], ...companions(control.name, value)]));
			}
		}

		const some = controls.filter(({name}) => name !== 'minReplicas' && !/\.(?:pods|percent)$/.test(name));
		await check(new Map(some.map(control => [control.name, otherEnds(control).at(-1)!])));
	},
	title: (_, name: string, set: readonly string[] | 'trace') =>
		`${name} with its sliders moved is what run reads with --set${set.length > 0 ? `, ${set}` : ''}`,
});

test(isTheSame, 'dynamic-scaling', []);
test(isTheSame, 'performance-under-load', []);
test(isTheSame, 'multi-tenant-noisy-neighbour', []);
test(isTheSame, 'pitfalls/flapping', []);
test(isTheSame, 'dynamic-scaling', 'trace');
test(isTheSame, 'dynamic-scaling', ['prices=models/prices-fargate.yaml']);
test(isTheSame, 'dynamic-scaling', ['prices=models/prices-nodes-aws-m5-large.yaml']);
test(isTheSame, 'dynamic-scaling', ['autoscaler=none', 'deployment.replicas=3']);

test('settings that do not go together are refused in one line', async t => {
	const explored = await exploredOf(shipped('dynamic-scaling'));
	const controls = controlsOf(explored);
	const refusal = (settings: Settings) =>
		t.throws(() => experimentWith(explored.experiment, controls, settings)).message;
	t.is(refusal(new Map([['minReplicas', 7]])), 'Expected maxReplicas to be at least minReplicas, 7, got 6');
	t.is(
		refusal(
			new Map([
				['scaleUp.pods', 'none'],
				['scaleUp.percent', 'none'],
			]),
		),
		'Expected scaleUp to have a policy of pods or of per cent, got neither',
	);
});

test('one metric stays, for without any Kubernetes would take one of its own', async t => {
	const {experiment, ...rest} = await exploredOf(shipped('dynamic-scaling'));
	const stops = (name: string) => controlsOf({experiment, ...rest}).find(control => control.name === name)!.stops;
	t.false(stops('cpu.averageUtilization').includes('none'));
	t.true(stops('memory.averageUtilization').includes('none'));
});
