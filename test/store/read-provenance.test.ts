import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {observedColumns} from '../../src/records/observed-columns.ts';
import {readExperimentSource} from '../../src/store/experiments/read-experiment.ts';
import {readMeasuredAt} from '../../src/store/records/find-records.ts';
import {encodeTable} from '../../src/store/records/parquet.ts';
import {inFolder} from './scratch.ts';

test('models say of which date they are and which records they were fitted to', async t => {
	const {models} = await readExperimentSource('experiments/dynamic-scaling.yaml', {profile: 'bench'});
	t.deepEqual(
		models.map(({kind}) => kind),
		['ServiceModel', 'StartupModel', 'MetricsModel', 'PriceBook', 'EnergyModel'],
	);
	for (const {date, records} of models) {
		t.regex(date ?? '', /^\d{4}-\d\d-\d\d/);
		t.true(Array.isArray(records));
	}
});

test('a distribution in the place of a model comes from nowhere', async t => {
	const set = ['deployment.service={distribution: exponential, mean: 1s}', 'metrics=ideal'];
	const {models} = await readExperimentSource('experiments/dynamic-scaling.yaml', {set});
	t.false(models.some(({kind}) => kind === 'ServiceModel' || kind === 'MetricsModel'));
});

test('a record was measured when its conditions say, else when its autoscaler first had a status', async t => {
	await inFolder({}, async folder => {
		t.is(await readMeasuredAt(folder), undefined);
		await mkdir(join(folder, 'observed'));
		const status = [
			'{"conditions":[{"lastTransitionTime":"2026-11-24T08:41:40Z"}]}',
			'{"lastScaleTime":"2026-11-24T08:44:10Z"}',
		];
		const table = encodeTable(observedColumns.hpa, {seconds: Float64Array.of(3, 40), status});
		await writeFile(join(folder, 'observed', 'hpa.parquet'), table);
		t.is(await readMeasuredAt(folder), '2026-11-24T08:41:40Z');
		await writeFile(join(folder, 'conditions.json'), '{\n\t"startedAt": "2026-11-24T08:41:35Z",\n\t"gaps": []\n}\n');
		t.is(await readMeasuredAt(folder), '2026-11-24T08:41:35Z');
	});
});
