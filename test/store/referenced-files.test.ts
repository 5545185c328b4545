import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {UserError} from '../../src/errors.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {ReferencedFiles} from '../../src/store/experiments/referenced-files.ts';
import {faultsOf, inFolder, sound} from './scratch.ts';

const modelled = sound.replace(/^ {2}service.*$/m, '  service: model.yaml');
const model = await readFile('models/tinyllama.yaml', 'utf8');
const hpa = await readFile('k8s/hpa.yaml', 'utf8');
const scaled = sound.replace(/^autoscaler.*$/m, 'autoscaler: hpa.yaml');

const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

test('a referenced file is read', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': modelled, 'model.yaml': model}), []);
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled, 'hpa.yaml': hpa}), []);
});

test('a file that several profiles name is read once', async t => {
	await inFolder({'model.yaml': model}, async folder => {
		const files = new ReferencedFiles();
		const path = join(folder, 'model.yaml');
		const first = await files.parse(path);
		await rm(path);
		t.is(await files.parse(path), first);
		await t.throwsAsync(new ReferencedFiles().parse(path), {message: /no such file/});
	});
});

test('a file of another kind is told at the reference', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': modelled, 'model.yaml': hpa}), [
		'file.yaml:18:12: Expected deployment.service to be the path of a file of kind ServiceModel or ServerModel or EngineModel, got model.yaml, of kind HorizontalPodAutoscaler',
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': modelled, 'model.yaml': 'a: 1'}), [
		'file.yaml:18:12: Expected deployment.service to be the path of a file of kind ServiceModel or ServerModel or EngineModel, got model.yaml, a file without a kind',
	]);
});

test('faults inside a referenced file have its own lines', async t => {
	const wrong = model
		.replace('unit: cores', 'unit: millicores')
		.replace('value: 0.05\n', 'value: -0.05\n')
		.replace('status: uncalibrated', 'state: uncalibrated');
	t.deepEqual(await faultsOf(t, {'file.yaml': modelled, 'model.yaml': wrong}), [
		`model.yaml:${lineOf(wrong, 'state:')}:1: Expected deployment.service.state to be a known key (perhaps status), got "state"`,
		`model.yaml:${lineOf(wrong, 'value: -0.05')}:12: Expected deployment.service.work.perRequest.value to be a number, at least 0 and at most 1000000, got -0.05`,
		`model.yaml:${lineOf(wrong, 'unit: millicores')}:11: Expected deployment.service.idleCpu.llm.unit to be cores, got "millicores"`,
	]);
});

test('the syntax of a referenced file is judged, too', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': modelled, 'model.yaml': 'kind: [a\n'}), [
		'model.yaml:2:1: Expected valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': modelled, 'model.yaml': ''}), [
		'model.yaml:1:1: Expected a map, got an empty file',
	]);
});

test('a path may lead anywhere, but what stands there is not told', async t => {
	const secrets = [
		'root:x:0:0:root:/root:/bin/bash\n',
		'password: hunter2\npassword: hunter2\n',
		'kind: hunter2 is the password\n',
		'token: !hunter2 x\n',
		'token: "\\hunter2"\n',
		'token: *hunter2\n',
		'token: |hunter2\n x\n',
		'@hunter2\n',
		'%hunter2\n',
		'a: b\nroot hunter2\n',
	];
	for (const secret of secrets) {
		for (const [key, from] of Object.entries({
			'deployment.service': modelled.replace('model.yaml', '../secret.yaml'),
			autoscaler: sound.replace('autoscaler: {minReplicas: 2, maxReplicas: 6}', 'autoscaler: ../secret.yaml'),
			'workload.arrivals.file': sound.replace(
				/ {4}process: poisson\n {4}rate.*\n/,
				'    process: trace\n    file: ../secret.yaml\n',
			),
		})) {
			const lines = await inFolder({'secret.yaml': secret}, async folder => {
				await mkdir(join(folder, 'experiments'));
				await writeFile(join(folder, 'experiments', 'file.yaml'), from);
				const error = await t.throwsAsync(readExperiment(join(folder, 'experiments', 'file.yaml')), {
					instanceOf: UserError,
				});
				return error!.message;
			});
			t.notRegex(lines, /hunter2|root:x/, key);
		}
	}
});

test('a manifest is judged as the API server does', async t => {
	const wrong = hpa.replace('minReplicas: 2', 'minReplicas: 8').replace('type: Utilization', 'type: Utilisation');
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled, 'hpa.yaml': wrong}), [
		`hpa.yaml:${lineOf(wrong, 'Utilisation')}:17: Expected autoscaler.spec.metrics[0].resource.target.type to be one of Utilization, Value, AverageValue, got "Utilisation"`,
	]);
	const bounds = hpa.replace('minReplicas: 2', 'minReplicas: 8');
	t.deepEqual(await faultsOf(t, {'file.yaml': scaled, 'hpa.yaml': bounds}), [
		`hpa.yaml:${lineOf(bounds, 'maxReplicas')}:16: Expected autoscaler.spec.maxReplicas to be at least minReplicas, got 6`,
	]);
});

test('a pod that would be killed for its memory when idle is told', async t => {
	const tight = modelled.replace('memory: 1Gi}', 'memory: 512Mi}');
	t.deepEqual(await faultsOf(t, {'file.yaml': tight, 'model.yaml': model}), [
		'file.yaml:15:80: Expected deployment.containers.ollama.limits.memory to be at least what tinyllama needs when idle, 737Mi, got "512Mi"',
	]);
});
