import test from 'ava';
import {defaultControllerConfig} from '../../../src/autoscaler/reconcile.ts';
import {shadowExposition} from '../../../src/report/shadow/shadow-exposition.ts';
import {
	dayAndClock,
	outsideLine,
	shadowHeading,
	shadowKey,
	shadowLine,
} from '../../../src/report/shadow/shadow-lines.ts';
import {shadowSummary, shareText} from '../../../src/report/shadow/shadow-summary.ts';
import {OutsideChanges} from '../../../src/shadow/outside-changes.ts';
import type {Shadowed} from '../../../src/shadow/shadowed.ts';
import type {Sighting} from '../../../src/shadow/sighting.ts';
import {emptyTally, withDecision} from '../../../src/shadow/tally.ts';

const hostile = '\u001b[2Jqueue\nlong'.concat('-name'.repeat(30));

const decision = {
	desiredReplicas: 3,
	proposal: 3,
	metrics: [{type: 'External', name: hostile, proposal: 3, averageValueMilli: 1500}],
	stabilized: true,
	limited: false,
	reasons: ['ValidMetricFound', 'ScaleDownStabilized', 'DesiredWithinRange'],
};

const shadowed: Shadowed = {
	at: 1_764_417_667.4,
	currentReplicas: 3,
	desiredReplicas: 2,
	isWritten: true,
	standing: 'missed',
	isFirst: false,
	isSameUse: true,
	tried: 3,
	isSole: true,
	decision,
	input: {
		now: 1_764_417_667.4,
		spec: {minReplicas: 1, maxReplicas: 4, metrics: []},
		controller: defaultControllerConfig,
		specReplicas: 3,
		statusReplicas: 3,
		pods: [],
		podMetrics: null,
	},
	state: {recommendations: [], scaleUps: [], scaleDowns: []},
	status: {},
	refusals: [],
	hasRestarted: false,
};

test('a line of a decision fits the terminal and has no characters of a server that act', t => {
	const line = shadowLine(shadowed, 80);
	t.is(line.length, 80);
	t.regex(line, /^12:01:07 {5}3 {4}2 {10}3 {2}MISSED, ScaleDownStabilized, \\u001b\[2Jqueue lon…$/);
	t.is(
		shadowLine({...shadowed, decision: {...decision, metrics: []}}, 80)
			.split('  ')
			.at(-1),
		'MISSED, ScaleDownStabilized',
	);
	t.is(dayAndClock(shadowed.at), '11-29 12:01:07');
});

const scale = (specReplicas: number, by?: string): Sighting => ({
	type: 'scale',
	at: 67,
	specReplicas,
	statusReplicas: 2,
	...(by !== undefined && {by}),
});

test('a change by another than the controller is a line, and who made it is what the API says', t => {
	const changes = new OutsideChanges();
	t.is(changes.see(scale(2, 'kubectl')), undefined);
	t.is(changes.see({type: 'hpa', at: 1, spec: shadowed.input.spec, status: {}, by: 'manager'}), undefined);
	t.is(changes.see(scale(3, 'manager')), undefined);
	t.is(changes.see(scale(3, 'keda')), undefined);
	const change = changes.see(scale(0, 'keda\n\u001b'));
	t.is(outsideLine(change!, 80), '00:01:07     3  scaled to 0 by keda \\u001b');
	const step = {at: 67, from: 1, to: 0, by: 'keda', decided: [1], isReproduced: false};
	t.is(outsideLine(step, 80), "00:01:07     1  scaled to 0 by keda, MISSED: KEDA's rules say 1");
});

test('a change from or to 0 of which the API names no writer is not the controller’s, unless the HPA goes to 0 itself', t => {
	const {spec} = shadowed.input;
	const seen = (minReplicas: number, counts: readonly number[]) => {
		const changes = new OutsideChanges();
		changes.see({type: 'hpa', at: 1, spec: {...spec, minReplicas}, status: {}, by: 'manager'});
		return counts.map(count => changes.see(scale(count))).filter(change => change !== undefined);
	};
	const found = seen(1, [2, 3, 0, 0, 1, 2, 1]);
	t.deepEqual(found, [
		{at: 67, from: 3, to: 0},
		{at: 67, from: 0, to: 1},
	]);
	t.deepEqual(seen(0, [2, 3, 0, 1]), []);
	t.is(outsideLine(found[0]!, 80), '00:01:07     3  scaled to 0 by another');
	const step = {...found[1]!, decided: [1], isReproduced: true};
	t.is(outsideLine(step, 80), "00:01:07     0  scaled to 1, as KEDA's rules say");
});

test('decisions are the same to a reader whatever the metrics say, but not when counts, reasons or standing differ', t => {
	const key = shadowKey(shadowed);
	t.is(shadowKey({...shadowed, at: 0, decision: {...decision, metrics: []}}), key);
	t.not(shadowKey({...shadowed, desiredReplicas: 3}), key);
	t.not(shadowKey({...shadowed, standing: 'memory'}), key);
	t.not(shadowKey({...shadowed, decision: {...decision, reasons: []}}), key);
	t.not(shadowKey({...shadowed, against: decision}), key);
});

test('the heading says what is assumed', t => {
	const about = {
		name: 'chat',
		namespace: 'llm',
		target: 'Deployment chat',
		gitVersion: 'v1.41.0',
		release: '1.36',
		period: 15,
		hasSteps: true,
	};
	const heading = shadowHeading({...about, hasReadFlags: false}, 80).replaceAll('\n', ' ');
	t.true(heading.includes('Kubernetes v1.41.0, by the rules of 1.36.'), heading);
	t.true(heading.includes("Assumed: the controller has Kubernetes' default flags"), heading);
	t.false(shadowHeading({...about, hasReadFlags: true}, 80).includes('Assumed'));
});

test('a share is never rounded up to all', t => {
	t.deepEqual([shareText(9999, 10_000), shareText(240, 240), shareText(0, 5)], ['99.9 %', '100 %', '0 %']);
});

test('a summary lists the misses and says that nothing was seen where nothing was', t => {
	const tally = withDecision(emptyTally, {...shadowed, isWritten: false});
	const text = shadowSummary(tally, {width: 80});
	t.regex(text, /^0 % of the controller's decisions in 1 s are reproduced: 0 of 1\.$/m);
	t.regex(text, /^In 1 nothing was written: the controller kept the pods, or did not run\.$/m);
	t.regex(text, /^- 11-29 12:01:07 UTC, at 3: the HPA 2, Replicast 3; /m);
	t.true(text.split('\n').every(line => line.length <= 80));
	t.is(shadowSummary(emptyTally, {width: 80}), 'No decision of the controller was seen.\n');
});

test('labels of the page for Prometheus cannot end before their end', t => {
	const page = shadowExposition({
		namespace: 'a"} 1\nb',
		name: 'c\\',
		tally: withDecision(emptyTally, shadowed),
		last: shadowed,
	});
	t.true(page.includes('{namespace="a\\"} 1\\nb",horizontalpodautoscaler="c\\\\",standing="missed"} 1\n'), page);
	t.true(
		page
			.split('\n')
			.every(
				line =>
					line === '' ||
					/^(?:# (?:HELP|TYPE) replicast_shadow_\w+ .+|replicast_shadow_\w+\{.*\} [-\d.e+]+)$/.test(line),
			),
	);
	t.false(page.includes('against_differs'));
});
