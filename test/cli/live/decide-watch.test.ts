import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {removeTemporaryFolders, replicast, startReplicast, temporaryFolder} from '../run-command.ts';
import {deployments, hpaWith, type ShadowCluster, shadowCluster, statusOf} from './fake-shadow-cluster.ts';

test.after.always(removeTemporaryFolders);

const modified = (object: object) => ({type: 'MODIFIED' as const, object});

function start(cluster: ShadowCluster, words: readonly string[]) {
	const env = {KUBECONFIG: cluster.kubeconfig, COLUMNS: '80'};
	return startReplicast(['decide', '--live', '--watch', ...words], {env});
}

/** Watches while the controller scales from 2 to 4 pods, as the metrics ask. */
async function watchOne(words: readonly string[], utilization = 90, desired = 4) {
	const cluster = await shadowCluster();
	const running = start(cluster, [...words, '--for', '4s']);
	await cluster.watched;
	await sleep(600);
	cluster.send(modified(hpaWith(statusOf(desired, utilization))));
	const {stdout, stderr, exitCode} = await running;
	cluster.close();
	return {stdout, stderr, exitCode, asked: cluster.asked};
}

test('--watch shows each decision beside its own, then the share that was reproduced, and only reads', async t => {
	const {stdout, stderr, exitCode, asked} = await watchOne(['chat']);
	t.deepEqual([stderr, exitCode], ['', 0]);
	t.true(asked.every(request => request.startsWith('GET ')));
	t.regex(stdout, /^Follows the HPA llm\/chat on Deployment chat, Kubernetes v1\.34\.4, for 4 s\./);
	t.regex(stdout, /Assumed: the controller has Kubernetes' default flags/);
	t.regex(stdout, /^time UTC {2}pods {2}HPA {2}Replicast {2}reason and metrics$/m);
	t.regex(stdout, /^\d\d:\d\d:\d\d {5}2 {4}4 {10}4 {2}cpu 90 %$/m);
	t.regex(stdout, /^100 % of the controller's decisions in 1 s are reproduced: 1 of 1\.$/m);
	t.true(stdout.split('\n').every(line => line.length <= 80));
});

test('--watch shows a decision that the rules do not give, and lists it in the summary', async t => {
	const {stdout, exitCode} = await watchOne(['chat'], 90, 5);
	t.is(exitCode, 0);
	t.regex(stdout, /^\d\d:\d\d:\d\d {5}2 {4}5 {10}4 {2}MISSED, cpu 90 %$/m);
	t.regex(stdout, /^0 % of the controller's decisions in 1 s are reproduced: 0 of 1\.$/m);
	t.regex(stdout.replaceAll(/\n {2}/g, ' '), /UTC, at 2: the HPA 5, Replicast 4; the metrics have the same figures/);
});

test('--against decides by a second manifest, and --out keeps decisions, cases and the summary', async t => {
	const folder = await temporaryFolder();
	const second = join(folder, 'second.yaml');
	const {metadata: _, status: __, ...hpa} = hpaWith({}, {maxReplicas: 3});
	await writeFile(
		second,
		JSON.stringify({apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: {name: 'chat'}, ...hpa}),
	);
	const out = join(folder, 'watched');
	const {stdout, stderr} = await watchOne(['chat', '--against', second, '--out', out]);
	t.is(stderr, '');
	t.regex(stdout, /^\d\d:\d\d:\d\d {5}2 {4}4 {10}4 {8}3 {2}cpu 90 %$/m);
	t.regex(
		stdout.replaceAll(/\s+/g, ' '),
		/would have decided otherwise in 1 of 1: for fewer pods in 1, for more in 0\./,
	);
	const [decision, ...none] = (await readFile(join(out, 'decisions.ndjson'), 'utf8')).trim().split('\n');
	const {currentReplicas, desiredReplicas, standing, replicast: here, against} = JSON.parse(decision!);
	t.deepEqual([none, currentReplicas, desiredReplicas, standing], [[], 2, 4, 'reproduced']);
	t.deepEqual([here.desiredReplicas, against.desiredReplicas], [4, 3]);
	const summary = JSON.parse(await readFile(join(out, 'summary.json'), 'utf8'));
	t.deepEqual([summary.share, summary.checked, summary.kubernetes], [1, 1, 'v1.34.4']);
	const answers = await replicast(['decide', '--ndjson', join(out, 'cases.ndjson')]);
	t.deepEqual([answers.stderr, JSON.parse(answers.stdout).desiredReplicas], ['', 4]);
	const cluster = await shadowCluster();
	const again = await start(cluster, ['chat', '--out', out]);
	cluster.close();
	t.regex(again.stderr, /^Expected .*watched to be absent or empty, got files in it\n$/);
	t.is(again.exitCode, 2);
});

test('--ndjson prints a decision a line, and the summary on standard error', async t => {
	const {stdout, stderr} = await watchOne(['chat', '--ndjson']);
	t.is(JSON.parse(stdout).standing, 'reproduced');
	t.regex(stderr, /^100 % of the controller's decisions/);
});

test('--metrics-port serves the state to Prometheus', async t => {
	const cluster = await shadowCluster();
	const running = start(cluster, ['chat', '--for', '6s', '--metrics-port', '0']);
	let shown = '';
	running.stdout.on('data', part => {
		shown += String(part);
	});
	await cluster.watched;
	await sleep(500);
	cluster.send(modified(hpaWith(statusOf(4, 90))));
	await sleep(2500);
	const url = /^Metrics for Prometheus: (\S+)$/m.exec(shown)?.[1];
	const page = await (await fetch(url!)).text();
	const labels = 'namespace="llm",horizontalpodautoscaler="chat"';
	t.true(page.includes(`replicast_shadow_decisions_total{${labels},standing="reproduced"} 1\n`), page);
	t.true(page.includes(`replicast_shadow_desired_replicas{${labels},by="replicast"} 4\n`), page);
	t.is((await fetch(url!.replace('/metrics', '/'))).status, 404);
	t.is((await fetch(url!, {method: 'POST'})).status, 405);
	await running;
	cluster.close();
});

test('Ctrl-C ends a watch with the summary', async t => {
	const cluster = await shadowCluster();
	const running = start(cluster, ['chat']);
	await cluster.watched;
	await sleep(500);
	cluster.send(modified(hpaWith(statusOf(4, 90))));
	await sleep(300);
	running.kill('SIGINT');
	const {stdout, stderr, exitCode} = await running;
	cluster.close();
	t.is(exitCode, 130);
	t.regex(stderr, /^\nInterrupted: ending the watch; once more ends at once\n$/);
	t.regex(stdout, /reproduced: 1 of 1\.$/m);
});

test('an HPA that is deleted ends the watch with the summary, and is a fault', async t => {
	const cluster = await shadowCluster();
	const running = start(cluster, ['chat']);
	await cluster.watched;
	cluster.send({type: 'DELETED', object: hpaWith(statusOf(2, 50))});
	const {stdout, stderr, exitCode} = await running;
	cluster.close();
	t.is(exitCode, 2);
	t.is(stderr, 'Expected the HPA llm/chat to stay, got its deletion\n');
	t.regex(stdout, /^No decision of the controller was seen\.$/m);
});

test('a metrics API that fails is what the controller sees, too', async t => {
	const cluster = await shadowCluster({'/apis/metrics.k8s.io/v1beta1/namespaces/llm/pods': undefined});
	const running = start(cluster, ['chat', '--for', '4s']);
	await cluster.watched;
	await sleep(500);
	const conditions = [{type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric'}];
	cluster.send(modified(hpaWith({currentReplicas: 2, desiredReplicas: 2, currentMetrics: [{type: ''}], conditions})));
	const {stdout} = await running;
	cluster.close();
	t.regex(stdout, /^\d\d:\d\d:\d\d {5}2 {4}2 {10}2 {2}FailedGetResourceMetric, cpu unknown$/m);
	t.regex(stdout, /reproduced: 1 of 1\.$/m);
});

test("a ScaledObject leads to the HPA that KEDA made of it, and its operator's steps are decided again", async t => {
	const hpas = '/apis/autoscaling/v2/namespaces/llm/horizontalpodautoscalers';
	const objects = '/apis/keda.sh/v1alpha1/namespaces/llm/scaledobjects';
	const scaledObject = {
		apiVersion: 'keda.sh/v1alpha1',
		kind: 'ScaledObject',
		metadata: {name: 'chat', resourceVersion: '1', creationTimestamp: '2026-01-05T10:00:00Z'},
		spec: {
			scaleTargetRef: {name: 'chat'},
			minReplicaCount: 0,
			cooldownPeriod: 60,
			triggers: [{type: 'prometheus', metadata: {serverAddress: 'http://p', query: 'q', threshold: '4'}}],
		},
		status: {hpaName: 'keda-hpa-chat', lastActiveTime: '2026-01-05T11:00:00Z'},
	};
	const external = {metric: {name: 's0-prometheus'}, target: {type: 'AverageValue', averageValue: '4'}};
	const hpa = hpaWith(statusOf(2, 50), {metrics: [{type: 'External', external}]});
	const cluster = await shadowCluster({
		[`${hpas}/chat`]: undefined,
		[hpas]: {metadata: {resourceVersion: '1'}, items: [hpa]},
		[`${hpas}/keda-hpa-chat`]: hpa,
		[`${objects}/chat`]: scaledObject,
		[objects]: {metadata: {resourceVersion: '1'}, items: [scaledObject]},
		'/apis/external.metrics.k8s.io/v1beta1/namespaces/llm/s0-prometheus': {items: [{value: '0'}]},
	});
	const running = start(cluster, ['chat', '--for', '6s']);
	await cluster.watched;
	await sleep(2500);
	const scaled = (replicas: number, manager?: string) => ({
		metadata: {
			name: 'chat',
			resourceVersion: '5',
			managedFields:
				manager === undefined ? [] : [{manager, subresource: 'scale', fieldsV1: {'f:spec': {'f:replicas': {}}}}],
		},
		spec: {replicas},
		status: {replicas},
	});
	for (const object of [scaled(0), scaled(1, 'keda'), scaled(3, 'kubectl'), scaled(0, 'kubectl')]) {
		cluster.send(modified(object), deployments); // an API server keeps no writer of a scale of 0
		await sleep(200);
	}

	const {stdout, exitCode} = await running;
	cluster.close();
	t.is(exitCode, 0);
	t.regex(stdout, /^Follows the HPA llm\/chat of the ScaledObject chat on Deployment chat/);
	t.regex(stdout, /^\S{8} {5}2 {2}scaled to 0, as KEDA's rules say$/m);
	t.regex(stdout, /^\S{8} {5}0 {2}scaled to 1 by keda, MISSED: KEDA's rules say 0$/m);
	t.regex(stdout, /^\S{8} {5}1 {2}scaled to 3 by kubectl$/m);
	t.regex(stdout, /^\S{8} {5}3 {2}scaled to 0 by kubectl$/m);
	t.regex(stdout, /^Steps of KEDA's operator that are reproduced: 1 of 2\.$/m);
});

test('names that lead nowhere, and what may not be watched, are one line', async t => {
	const cluster = await shadowCluster();
	const nobody = await start(cluster, ['nobody']);
	t.deepEqual([nobody.stdout, nobody.exitCode], ['', 2]);
	t.is(nobody.stderr, 'Expected an HPA or a ScaledObject llm/nobody, got neither\n');
	const hostile = await start(cluster, ['../../\u001b]0;x\u0007']);
	t.is(hostile.stderr, 'Expected the HPA to have a name of Kubernetes, got "../../\\u001b]0;x\\u0007"\n');
	const astray = await start(cluster, ['chat', '-n', '../x']);
	t.is(astray.stderr, 'Expected the namespace to have a name of Kubernetes, got "../x"\n');
	cluster.answers['/api/v1/namespaces/llm/pods'] = undefined;
	const refused = await start(cluster, ['chat']);
	t.is(refused.stderr, 'Expected to read pods, got the server could not find the requested resource\n');
	cluster.close();
	t.true(cluster.asked.every(request => !request.includes('..')));
});

test('an HPA whose fields are not known is one line, at first and later', async t => {
	const hpas = '/apis/autoscaling/v2/namespaces/llm/horizontalpodautoscalers';
	const odd = hpaWith(statusOf(2, 50), {metrics: [{type: 'Odd'}]});
	const said = /^Expected metrics\.0\.type of the HPA chat to be a metric of type Resource, .+, got another\n$/;
	const cluster = await shadowCluster({[hpas]: {metadata: {resourceVersion: '1'}, items: [odd]}});
	const first = await start(cluster, ['chat']);
	t.regex(first.stderr, said);
	t.is(first.exitCode, 2);
	cluster.close();
	const other = await shadowCluster();
	const running = start(other, ['chat']);
	await other.watched;
	other.send(modified(odd));
	const {stderr, exitCode} = await running;
	other.close();
	t.regex(stderr, said);
	t.is(exitCode, 2);
});

test('options that do not fit together are refused before the cluster is asked', async t => {
	const cluster = await shadowCluster();
	const refusals = [
		[['decide', '--watch', 'chat'], 'Expected --live beside --watch, got --watch alone\n'],
		[['decide', '--live', 'chat', '--for', '1h'], 'Expected --watch beside --for, got --for alone\n'],
		[['decide', '--live', '--watch'], 'Expected --live to be followed by the name of one HPA, got nothing\n'],
		[
			['decide', '--live', '--watch', 'chat', '--for', 'ever'],
			'Expected --for to be a duration such as 1h, got "ever"\n',
		],
		[
			['decide', '--live', '--watch', 'chat', '--metrics-host', '::'],
			'Expected --metrics-port beside --metrics-host, got --metrics-host alone\n',
		],
		[['decide', '--live', '--watch', 'chat', '--against', 'nowhere.yaml'], 'nowhere.yaml does not exist\n'],
	] as const;
	for (const [words, refusal] of refusals) {
		const {stdout, stderr, exitCode} = await replicast(words, {env: {KUBECONFIG: cluster.kubeconfig}});
		t.deepEqual([stdout, stderr, exitCode], ['', refusal, 2], words.join(' '));
	}

	t.deepEqual(cluster.asked, []);
	cluster.close();
});

test('a port that is taken is refused in one line', async t => {
	const taken = createServer().listen(0, '127.0.0.1');
	await once(taken, 'listening');
	const {port} = taken.address() as AddressInfo;
	const cluster = await shadowCluster();
	const {stderr, exitCode} = await start(cluster, ['chat', '--metrics-port', String(port)]);
	t.deepEqual([stderr, exitCode], [`Expected to serve metrics at 127.0.0.1:${port}, got EADDRINUSE\n`, 2]);
	cluster.close();
	taken.close();
});
