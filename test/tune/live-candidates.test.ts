import test from 'ava';
import {defaultControllerConfig} from '../../src/autoscaler/contracts.ts';
import {experimentHash} from '../../src/experiment/experiment-hash.ts';
import type {Estimate} from '../../src/statistics/estimate.ts';
import {evaluateAsReplayed} from '../../src/tune/evaluate-candidate.ts';
import {candidateNamed} from '../../src/tune/given-candidates.ts';
import {liveCandidates} from '../../src/tune/live-candidates.ts';
import type {LiveCandidate} from '../../src/tune/live-check.ts';
import {type LiveRun, liveCheckOf} from '../../src/tune/live-check.ts';
import {roomOnNodes} from '../../src/tune/scaling.ts';
import {candidateAt, pointOfNumber} from '../../src/tune/space.ts';
import type {Tuning, TuningCandidate} from '../../src/tune/tuning.ts';
import {scaledExperiment, spaceOf} from './make-space.ts';

const space = spaceOf({maxReplicas: {from: 3, to: 9}});
const ids = Array.from({length: 7}, (_, number) => candidateAt(space, pointOfNumber(space, number))!);

const around = (mean: number, half = 0.01): Estimate => ({mean, low: mean - half, high: mean + half});

/** The candidate with so many pods at most. */
function tuned(maxReplicas: number, cost: Estimate, parts: Partial<TuningCandidate> = {}): TuningCandidate {
	const {id, settings} = ids[maxReplicas - 3]!;
	const one = around(1);
	return {
		name: maxReplicas === 6 ? 'present' : id,
		settings,
		costPerHour: cost,
		p95Seconds: one,
		sloMisses: one,
		availability: one,
		churn: one,
		energy: one,
		replicas: one,
		meetsGoal: true,
		feasibility: 1,
		onFront: false,
		present: maxReplicas === 6,
		default: false,
		recommended: maxReplicas === 4,
		heldOut: true,
		replications: 4,
		...parts,
	};
}

const tuningOf = (candidates: TuningCandidate[]) =>
	({goal: {minimize: 'costPerHour', constraints: []}, candidates}) as unknown as Tuning;

const [best, present] = [tuned(4, around(0.1)), tuned(6, around(0.2))];
const namesOf = (candidates: TuningCandidate[], isReplayable = () => true) =>
	liveCandidates(space, tuningOf(candidates), isReplayable).map(({role, name}) => [role, name]);

test('the recommended, the present and, of those dropped as worse, the one farthest from both', t => {
	const near = tuned(5, around(0.25), {loss: 'worse'});
	const far = tuned(7, around(0.3), {loss: 'worse'});
	const missing = tuned(3, around(0.01), {loss: 'misses'});
	const kept = tuned(8, around(0.9));
	t.deepEqual(namesOf([best, present, near, far, missing, kept]), [
		['recommended', best.name],
		['present', 'present'],
		['dropped', far.name],
	]);
});

test('one that overlaps with another, or has no interval, is not clear', t => {
	const overlapping = tuned(7, around(0.21), {loss: 'worse'});
	const single = tuned(8, {mean: 0.9, low: null, high: null}, {loss: 'worse'});
	const clear = tuned(3, around(0.05), {loss: 'misses'});
	t.deepEqual(namesOf([best, present, overlapping, single, clear]).at(-1), ['dropped', clear.name]);
	t.deepEqual(namesOf([best, present, overlapping, single]).length, 2);
});

test('one that no cluster can replay, or that is of another space, gives way', t => {
	const far = tuned(9, around(0.4), {loss: 'worse'});
	const near = tuned(7, around(0.3), {loss: 'worse'});
	const foreign = tuned(8, around(0.9), {loss: 'worse', name: 'of-another-space'});
	const isReplayable = ({autoscaler}: {autoscaler: unknown}) => (autoscaler as {maxReplicas: number}).maxReplicas < 9;
	const live = liveCandidates(space, tuningOf([best, present, far, near, foreign]), isReplayable);
	t.is(live.at(-1)?.name, near.name);
	t.deepEqual(live.at(-1)?.dropped, {loss: 'worse', objective: near.costPerHour});
});

test('the present one keeps its hash, and the others have those of their settings', t => {
	const [first, second] = liveCandidates(space, tuningOf([best, present]), () => true) as [
		LiveCandidate,
		LiveCandidate,
	];
	t.is(second.experiment, space.experiment);
	t.not(first.experiment.hash, space.experiment.hash);
	t.is(first.experiment.hash, experimentHash(first.experiment));
	t.is((first.experiment.autoscaler as {maxReplicas: number}).maxReplicas, 4);
});

test('what is recommended may be what there is', t => {
	const both = tuned(6, around(0.2), {recommended: true});
	t.deepEqual(namesOf([both]), [['recommended', 'present']]);
});

test('a reported candidate is found again by its settings', t => {
	t.deepEqual(candidateNamed(space, best), ids[1]);
	t.is(candidateNamed(space, {...best, settings: {}}), undefined);
});

test('pods that nodes have room for', t => {
	const deployment = {...scaledExperiment().deployment, nodes: {count: 2, cpu: 1.5, memory: 2 ** 40}};
	t.is(roomOnNodes({...scaledExperiment(), deployment}), 6);
	t.is(roomOnNodes(scaledExperiment()), Number.POSITIVE_INFINITY);
});

test('a record that may not judge is left out, and told', t => {
	const live = liveCandidates(space, tuningOf([best, present, tuned(9, around(0.4), {loss: 'worse'})]), () => true);
	const controller = defaultControllerConfig;
	const points = live.map(one => {
		const simulated = [...evaluateAsReplayed(one.experiment, {replications: 3, controller})];
		const runs: LiveRun[] = [{folder: one.name, repeat: 0, figures: simulated[0]!}];
		return {live: one, simulated, runs};
	});
	const about = {experiment: {name: 'any', hash: 'h'}, goal: tuningOf([]).goal, repeats: 1};
	t.is(liveCheckOf(points, about).rankings[0]?.pairs.length, 3);
	const [one, ...others] = points;
	const refused = {...one!, runs: [{folder: one!.live.name, repeat: 0, reason: 'failed its own validity check: x'}]};
	const check = liveCheckOf([refused, ...others], about);
	t.is(check.rankings[0]?.pairs.length, 1);
	t.is(check.candidates[0]?.measured.costPerHour.mean, null);
	t.is(check.candidates[0]?.runs[0]?.reason, 'failed its own validity check: x');
	const nothing = liveCheckOf([refused, {...others[0]!, runs: refused.runs}], about);
	t.is(nothing.verdict, 'CANNOT SAY');
	t.deepEqual(nothing.rankings, []);
});
