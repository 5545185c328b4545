import test from 'ava';
import {answerCase} from '../../src/autoscaler/case-input.ts';
import {DecideCase} from '../../src/autoscaler/decide-case.ts';
import {hpaSpecOf} from '../../src/autoscaler/hpa-manifest.ts';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import {Follower} from '../../src/shadow/follower.ts';
import {shadowCase} from '../../src/shadow/shadow-case.ts';
import type {Shadowed} from '../../src/shadow/shadowed.ts';
import type {Sighting} from '../../src/shadow/sighting.ts';
import {emptyTally, withDecision} from '../../src/shadow/tally.ts';
import {controller, quickHpa, sightingsOf, type Told} from './stand-in.ts';

/** Feeds sightings as time goes by, and looks four times a second. */
function follow(sightings: readonly Sighting[], began: number, against?: HpaSpec) {
	const follower = new Follower({controller, period: 15, namespace: 'llm', began, ...(against && {against})});
	const decisions: Shadowed[] = [];
	const rest = [...sightings];
	const end = sightings.at(-1)!.at + 10;
	for (let now = began; now < end; now += 0.25) {
		while (rest[0] !== undefined && rest[0].at <= now) {
			follower.see(rest.shift()!);
		}

		decisions.push(...follower.take(now));
	}

	return {decisions, tally: decisions.reduce(withDecision, emptyTally)};
}

function followed(told: Told, against?: HpaSpec) {
	const {began, sightings, decided} = sightingsOf(told);
	return {decided, ...follow(sightings, began, against)};
}

/** A load that swings, with noise: every reconcile has other figures. */
const swinging = (seconds: number) => 300 + 250 * Math.sin(seconds / 97) + 40 * Math.sin(seconds * 7.3);

/** Delays of up to a second that differ from one sighting to the next. */
const erratic = (seconds: number) => 0.02 + 0.98 * Math.abs(Math.sin(seconds * 12.9898)) ** 2;

test('each decision of a controller with the same rules is found again, also seen up to a second late', t => {
	const {tally, decided} = followed({load: swinging, lasts: 3600, late: erratic});
	t.true(tally.changes > 40, `${tally.changes} changes`);
	t.true(Math.abs(tally.decisions - decided) <= 1, `${tally.decisions} of ${decided}`);
	t.deepEqual([tally.misses, tally.failed, tally.restarts], [[], 0, 0]);
	t.is(tally.first, tally.checked);
	t.true(tally.unsure <= 5, `${tally.unsure} unsure`);
});

test('a recommendation at the edge of a window is counted by the period of the queue, not by when it was seen', t => {
	for (const work of [0.006, 0.05, 0.3, 0.9]) {
		const {tally} = followed({load: swinging, lasts: 3600, late: erratic, work});
		t.deepEqual(tally.misses, [], `${work}`);
		t.is(tally.first, tally.checked, `${work}`);
	}
});

test('a reconcile that leaves no trace is a decision to keep the replicas', t => {
	const {tally, decisions, decided} = followed({load: () => 100, lasts: 1200});
	t.true(decisions.filter(({isWritten}) => !isWritten).length > 60);
	t.true(Math.abs(decisions.length - decided) <= 1, `${decisions.length} of ${decided}`);
	t.deepEqual(tally.misses, []);
});

test('a controller that keeps the replicas where the rules ask for more is a miss, also without a trace', t => {
	const stubborn = (decision: {desiredReplicas: number}, seconds: number) =>
		seconds > 600 ? {...decision, desiredReplicas: 2} : decision;
	const told = {load: (seconds: number) => (seconds > 590 ? 400 : 100), lasts: 900, change: stubborn as never};
	const {tally, decisions} = followed(told);
	t.true(tally.misses.length > 15, `${tally.misses.length}`);
	t.true(decisions.some(({isWritten, standing}) => !isWritten && standing === 'missed'));
	t.deepEqual([tally.misses[0]!.desiredReplicas, tally.misses[0]!.here], [2, 6]); // 8 by the metric, 4 more by the policy
});

test('an outage of metrics keeps the replicas, and is found again', t => {
	const {tally, decisions} = followed({load: swinging, lasts: 1800, outage: [600, 900], late: erratic});
	t.deepEqual(tally.misses, []);
	t.true(decisions.filter(({decision}) => decision.error !== undefined).length > 15);
});

test('decisions that depend on what was before the watch are not compared', t => {
	const falling = (seconds: number) => (seconds < 20 ? 100 : 20);
	const hpa = {...quickHpa, behavior: undefined};
	const {tally, decisions} = followed({load: falling, lasts: 900, hpa});
	t.true(tally.unsure > 15 && tally.unsure < 22, `${tally.unsure}`);
	t.true(decisions.slice(0, 20).every(({standing}) => standing !== 'missed'));
	t.deepEqual(tally.misses, []);
});

test('a watch that was broken leaves decisions that are not compared', t => {
	const {began, sightings} = sightingsOf({load: seconds => (seconds < 590 ? 400 : 100), lasts: 1200});
	const at = began + 600;
	const lost: Sighting = {type: 'lost', at: at - 40};
	const gap: Sighting = {type: 'gap', at, seconds: 40};
	const seen = [
		...sightings.filter(sighting => sighting.at < at - 40),
		lost,
		gap,
		...sightings.filter(sighting => sighting.at > at),
	];
	const {tally} = follow(seen, began);
	const whole = follow(sightings, began).tally;
	t.is(whole.unsure, 0);
	t.true(tally.unsure >= 2 && tally.unsure <= 5, `${tally.unsure}`);
	t.deepEqual(tally.misses, []);
});

test('a second manifest decides from the same inputs, with a memory of its own', t => {
	const other = hpaSpecOf({
		...quickHpa,
		metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}}],
	});
	const {tally, decisions} = followed({load: swinging, lasts: 1800}, other);
	t.true(tally.against!.fewer > 50 && tally.against!.more === 0, JSON.stringify(tally.against));
	t.true(decisions.every(({against}) => against !== undefined));
	const {tally: same} = followed({load: swinging, lasts: 1800}, hpaSpecOf(quickHpa));
	t.deepEqual([same.against!.fewer, same.against!.more], [0, 0]);
});

test('a change of the scale is a decision, also where its status was not written', t => {
	const {began, sightings} = sightingsOf({load: seconds => (seconds > 90 ? 400 : 100), lasts: 160});
	const marked = sightings.map(sighting =>
		sighting.type === 'hpa' || sighting.type === 'scale' ? {...sighting, by: 'manager'} : sighting,
	);
	const change = marked.findIndex(sighting => sighting.type === 'scale' && sighting.specReplicas > 2);
	const {at} = marked[change]!;
	const lost = marked.filter(sighting => sighting.type !== 'hpa' || Math.abs(sighting.at - at) > 1);
	t.is(lost.length, marked.length - 1);
	const {tally, decisions} = follow(lost, began);
	t.deepEqual(tally.misses, []);
	t.true(
		decisions.some(
			({isWritten, currentReplicas, desiredReplicas}) => !isWritten && currentReplicas !== desiredReplicas,
		),
	);
});

test('a refused scale is no decision', t => {
	const {began, sightings} = sightingsOf({load: swinging, lasts: 600});
	const index = sightings.findLastIndex(sighting => sighting.type === 'hpa');
	const refused = sightings.map((sighting, place) =>
		place === index && sighting.type === 'hpa'
			? {
					...sighting,
					status: {
						...sighting.status,
						conditions: [{type: 'AbleToScale', status: 'False', reason: 'FailedUpdateScale'}],
					},
				}
			: sighting,
	);
	const {tally} = follow(refused, began);
	t.is(tally.failed, 1);
});

test('the value of an External metric is the one that the status shows, where it was served otherwise', t => {
	const external = {metric: {name: 'queue'}, target: {type: 'AverageValue', averageValue: '4'}};
	const spec = hpaSpecOf({maxReplicas: 10, metrics: [{type: 'External', external}]});
	const {began, sightings} = sightingsOf({load: swinging, lasts: 60});
	const first = sightings.slice(0, 3).map(sighting => (sighting.type === 'hpa' ? {...sighting, spec} : sighting));
	const current = {metric: {name: 'queue'}, current: {averageValue: '9'}};
	const status = {
		currentReplicas: 2,
		desiredReplicas: 4,
		currentMetrics: [{type: 'External', external: current}],
		conditions: [{type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound'}],
	};
	const metrics = {podMetrics: null, externalMetrics: {queue: 9000}};
	const {tally, decisions} = follow(
		[
			...first,
			{type: 'metrics', since: began, at: began + 1, metrics, refusals: []},
			{type: 'hpa', at: began + 10, spec, status, written: began + 9},
		],
		began,
	);
	t.deepEqual([tally.reproduced, decisions[0]!.decision.proposal], [1, 5]); // 18 of 4 a pod, and 4 pods at most
});

test('the case of a decision is answered by decide in the same way', t => {
	const {decisions} = followed({load: swinging, lasts: 600});
	t.true(decisions.length > 30);
	for (const shadowed of decisions) {
		const {desiredReplicas, reasons} = answerCase(DecideCase.parse(JSON.parse(JSON.stringify(shadowCase(shadowed)))));
		t.deepEqual([desiredReplicas, reasons], [shadowed.decision.desiredReplicas, [...shadowed.decision.reasons]]);
	}
});
