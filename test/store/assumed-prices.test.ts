import {join} from 'node:path';
import test from 'ava';
import {assumptions} from '../../src/forecast/assumptions.ts';
import {priceWarnings} from '../../src/forecast/warnings.ts';
import {provenanceOf} from '../../src/records/provenance.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readPinnedExperiment} from '../../src/store/experiments/read-pinned.ts';
import {inFolder, sound} from './scratch.ts';

const read = async (text: string, set: readonly string[] = []) =>
	inFolder({'file.yaml': text}, async folder => readExperiment(join(folder, 'file.yaml'), {set}));

const assumed =
	'Pods are billed by what they request, with the price book prices-gke-autopilot of 2026-11-24, since the experiment names none. Its prices name yours.';

test('an experiment without prices is billed by its resources, and says so', async t => {
	const experiment = await read(sound);
	t.like(experiment.prices, {name: 'prices-gke-autopilot', kind: 'per-resource', perCoreHour: 0.0445});
	t.true(assumptions(experiment).includes(assumed));
	const named = await read(`${sound}prices: ${join(process.cwd(), 'models/prices-gke-autopilot.yaml')}\n`);
	t.false(assumptions(named).includes(assumed));
	t.is(named.hash, experiment.hash);
	const other = await read(sound, ['prices=models/prices-fargate.yaml']);
	t.is(other.prices.name, 'prices-fargate');
	t.false(assumptions(other).some(text => text.startsWith('Pods are billed')));
});

test('the assumption is part of what a provenance holds', async t => {
	const experiment = await read(sound);
	t.deepEqual(await readPinnedExperiment('file', provenanceOf(experiment, {version: '1'})), experiment);
});

test('a price of a pod is warned of where it meets pods of another size', async t => {
	const poster = ['prices=models/prices-poster.yaml'];
	t.deepEqual(priceWarnings(await read(sound, poster)), [
		'prices-poster is the price of a pod of 0.5 cores and 1,024 MiB; these pods request 0.15 cores and 320 MiB, so the cost is not theirs. A price book that bills cores and memory prices them as they are, such as prices: ../models/prices-gke-autopilot.yaml.',
	]);
	t.deepEqual(priceWarnings(await readExperiment('experiments/dynamic-scaling.yaml')), []);
	t.is(priceWarnings(await readExperiment('experiments/dynamic-scaling.yaml', {profile: 'bench'})).length, 1);
	t.deepEqual(priceWarnings(await read(sound)), []);
	const [size] = ['deployment.containers.ollama.requests.memory=960Mi'];
	t.is(priceWarnings(await read(sound, [...poster, size!])).length, 1, 'the cores are others');
	const same = ['deployment.containers.ollama.requests.memory=960Mi', 'deployment.containers.ollama.requests.cpu=475m'];
	t.deepEqual(priceWarnings(await read(sound, [...poster, ...same])), []);
});
