import {join} from 'node:path';
import test from 'ava';
import {lint} from '../../src/library/lint.ts';
import {lintGithub, lintJson, lintSarif} from '../../src/report/lint/lint-formats.ts';
import {lintMarkdown, lintText} from '../../src/report/lint-report.ts';
import {deployment, folderOf, hpa, removeFolders, scaledObject} from './manifests.ts';

test.after.always(removeFolders);

/** Lints a folder of one file. */
async function lintAll(text: string) {
	const folder = await folderOf({'all.yaml': text});
	const found = await lint([folder]);
	return {
		...found,
		rules: found.findings.map(({rule}) => rule),
		left: found.notLookedAt.map(({what, why}) => `${what}: ${why}`),
	};
}

/** `${NAME}`. */
const inBraces = (name: string) => `$\{${name}}`;

const whole = deployment('web', '{cpu: 100m}');
const solace = '{type: solace-event-queue, metadata: {solaceSempBaseURL: a, messageVpn: b, queueName: c}}';
const cpu = '{type: cpu, metricType: Utilization, metadata: {value: "60"}}';

test('a placeholder in quotes is no fault of an HPA of a folder', async t => {
	for (const value of [
		'"{{ .Values.min }}"',
		inBraces('MIN'),
		'"<min>"',
		'"{% min %}"',
		'$(MIN)',
		'__MIN__',
		'"<%= min %>"',
	]) {
		const {findings, left, autoscalers} = await lintAll(`${hpa('web', {min: value})}---\n${whole}`);
		t.deepEqual(findings, [], value);
		t.is(autoscalers, 0);
		t.regex(left[0]!, /^autoscaler: Expected the manifest to be rendered, got the placeholder "/, value);
	}
});

test('a placeholder in a label or an annotation keeps nothing from being judged', async t => {
	const text = hpa('web', {min: '10'}).replace('{name: web}', '{name: web, labels: {app: "{{ .Chart.Name }}"}}');
	t.deepEqual((await lintAll(text)).rules, ['fixed-size']);
});

test('a placeholder in a request leaves the rest of the autoscaler judged', async t => {
	const text = `${hpa('web', {min: '10'})}---\n${deployment('web', `{cpu: "${inBraces('CPU')}"}`)}`;
	const {rules, left} = await lintAll(text);
	t.deepEqual(rules, ['fixed-size']);
	t.deepEqual(left, [
		`part: Deployment web: Expected the manifest to be rendered, got the placeholder "${inBraces('CPU')}"`,
	]);
});

test('an expansion of an argument is no placeholder', async t => {
	const text = `${hpa('web')}---\n${deployment('web').replace('resources:', `args: ["$(PORT)", "${inBraces('HOME')}"]\n          resources:`)}`;
	t.deepEqual((await lintAll(text)).rules, ['missing-request']);
});

test('a named file with nothing but autoscalers of placeholders is one line', async t => {
	const folder = await folderOf({'hpa.yaml': hpa('web', {max: '"{{ .Values.max }}"'})});
	const error = await t.throwsAsync(lint([join(folder, 'hpa.yaml')]));
	t.is(
		error?.message,
		`${folder}/hpa.yaml:7:16: Expected the manifest to be rendered, got the placeholder "{{ .Values.max }}"`,
	);
});

test('a named file with one rendered autoscaler among those of placeholders is judged', async t => {
	const folder = await folderOf({
		'hpa.yaml': `${hpa('web', {max: '"{{ .Values.max }}"'})}---\n${hpa('api', {min: '10'})}`,
	});
	const {findings, notLookedAt} = await lint([join(folder, 'hpa.yaml')]);
	t.deepEqual(
		findings.map(({rule}) => rule),
		['fixed-size'],
	);
	t.is(notLookedAt.length, 1);
});

test('templates of a Helm chart are one note, and the rest of the chart is judged', async t => {
	const folder = await folderOf({
		'chart/Chart.yaml': 'name: web\n',
		'chart/templates/hpa.yaml': hpa('web', {min: '{{ .Values.min }}'}),
		'chart/charts/sub/Chart.yaml': 'name: sub\n',
		'chart/charts/sub/templates/hpa.yaml': hpa('sub', {min: '10'}),
		'chart/examples/hpa.yaml': hpa('example', {min: '10'}),
	});
	const {findings, notLookedAt} = await lint([folder]);
	t.deepEqual(
		findings.map(({object}) => object.name),
		['example'],
	);
	t.deepEqual(
		notLookedAt.map(({what, command}) => [what, command]),
		[['chart', `helm template NAME ${folder}/chart | replicast lint -`]],
	);
});

test('a trigger that is not modelled leaves the other rules of its ScaledObject', async t => {
	for (const [trigger, why] of [
		[solace, 'the trigger solace-event-queue is not modelled'],
		['{type: mysql, metadata: {query: a, queryValue: "20"}}', 'the trigger mysql is not modelled'],
		[
			'{type: external, metadata: {scalerAddress: "a:80"}}',
			'the trigger external is not judged: Expected spec.triggers[0].metadata.targetValue to be given: the target, which the scaler would say over gRPC, got nothing',
		],
		[
			'{type: cron, metadata: {timezone: Mars/Base, start: 0 8 * * *, end: 0 9 * * *, desiredReplicas: "4"}}',
			'the trigger cron is not judged: Expected spec.triggers[0].metadata.timezone to be a time zone such as Etc/UTC or Europe/Berlin, got "Mars/Base"',
		],
	] as const) {
		const {rules, left, autoscalers} = await lintAll(
			scaledObject('web', [trigger], ['pollingInterval: 10', 'minReplicaCount: 1', 'maxReplicaCount: 5']),
		);
		t.is(autoscalers, 1);
		t.deepEqual(rules, ['polling-without-effect'], trigger);
		t.deepEqual(left, [`part: ${why}`]);
	}
});

test('metadata.type of an older cpu trigger is read as its metricType, and that is said', async t => {
	const {rules, left} = await lintAll(
		`${scaledObject('web', ['{type: cpu, metadata: {type: Utilization, value: "60"}}'], ['minReplicaCount: 1'])}---\n${deployment('web')}`,
	);
	t.deepEqual(rules, ['missing-request']);
	t.deepEqual(left, ['part: metadata.type of a cpu trigger, which KEDA 2.18 took away, is read as its metricType']);
});

test('rivals, budgets, sizes and missing requests are found beside a trigger that is not modelled', async t => {
	const budget =
		'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {maxUnavailable: 0, selector: {matchLabels: {app: web}}}\n';
	const {rules} = await lintAll(
		[
			scaledObject('web', [solace, cpu], ['minReplicaCount: 3', 'maxReplicaCount: 3']),
			hpa('web'),
			deployment('web'),
			budget,
		].join('---\n'),
	);
	t.deepEqual([...new Set(rules)].sort(), ['budget-blocks-drains', 'fixed-size', 'missing-request', 'two-autoscalers']);
});

test('a trigger that is not modelled keeps zero pods from being called without an end', async t => {
	const gauge =
		'{type: prometheus, metadata: {serverAddress: "http://p", query: "sum(vllm:num_requests_running)", threshold: "2"}}';
	const minimum = ['minReplicaCount: 0'];
	t.deepEqual((await lintAll(scaledObject('web', [gauge], minimum))).rules, ['stuck-at-zero']);
	t.deepEqual((await lintAll(scaledObject('web', [gauge, solace], minimum))).rules, []);
});

test('a query of a number that no metric has is no bound', async t => {
	for (const query of ['1e9999', '-1e300 * 1e300', '1e300 * vector(1)', '-5']) {
		const trigger = `{type: prometheus, metadata: {serverAddress: "http://p", query: "${query}", threshold: "2"}}`;
		t.deepEqual((await lintAll(scaledObject('web', [trigger], ['minReplicaCount: 1']))).rules, [], query);
	}
});

test('a ScaledObject whose most is below its least is refused, whatever its triggers', async t => {
	const {rules} = await lintAll(scaledObject('web', [solace], ['minReplicaCount: 5', 'maxReplicaCount: 3']));
	t.deepEqual(rules, ['refused']);
});

test('a ScaledObject in a form that is not known is not called refused', async t => {
	const {rules, left} = await lintAll(scaledObject('web', [cpu], ['newKey: 1']));
	t.deepEqual(rules, []);
	t.regex(left[0]!, /^autoscaler: Expected spec\.newKey to be a known key/);
});

test('thousands of triggers that are not modelled take no longer than they must', async t => {
	const {left} = await lintAll(
		scaledObject(
			'web',
			Array.from({length: 3000}, () => solace),
		),
	);
	t.is(left.length, 3000);
});

test('every format says how many autoscalers were not looked at, and why', async t => {
	const folder = await folderOf({
		'a.yaml': hpa('web', {min: '"{{ .Values.min }}"'}),
		'b.yaml': scaledObject('api', [solace], ['minReplicaCount: 1']),
		'c/Chart.yaml': 'name: c\n',
		'c/templates/all.yaml': '{{ include "common.hpa" . }}',
		'd/Chart.yaml': 'name: d\n',
		'd/templates/web.yaml': 'kind: Deployment\n',
	});
	const found = await lint([folder]);
	const first =
		'Nothing found in 1 autoscaler in 4 files; 1 autoscaler and 1 chart not looked at, 1 autoscaler only in part.';
	const text = lintText(found, {width: 200, isFull: false});
	t.is(text.split('\n')[0], first);
	t.true(
		text.includes(`\n- Not looked at: ${folder}/a.yaml:6:16, HorizontalPodAutoscaler web: Expected the manifest`),
		text,
	);
	t.true(text.includes('ScaledObject api: the trigger solace-event-queue is not modelled.'), text);
	t.true(text.includes(`\n  helm template NAME ${folder}/c | replicast lint -\n`), text);
	const markdown = lintMarkdown(found);
	t.true(markdown.includes(`**${first}**`), markdown);
	t.true(markdown.includes('the trigger solace-event-queue is not modelled'), markdown);
	t.deepEqual(
		JSON.parse(lintJson(found)).notLookedAt.map(({what, line}: {what: string; line?: number}) => [what, line]),
		[
			['autoscaler', 6],
			['part', 8],
			['chart', undefined],
		],
	);
	t.deepEqual(
		lintGithub(found)
			.split('\n')
			.map(line => /^::notice .*title=(.*?)::/.exec(line)?.[1]),
		['Not looked at', 'Looked at in part', 'Not looked at', undefined],
	);
	const {runs} = JSON.parse(lintSarif(found, {rules: [], version: '1.0.0'}));
	t.deepEqual(
		runs[0].invocations[0].toolExecutionNotifications.map(
			({message}: {message: {text: string}}) => message.text.split(':')[0],
		),
		['Not looked at', 'Looked at in part', 'Not looked at'],
	);
});
