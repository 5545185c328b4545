import {readdirSync, readFileSync} from 'node:fs';
import {dirname, relative} from 'node:path';
import {Ajv} from 'ajv';
import test from 'ava';
import {parse} from 'yaml';
import {schemaNames} from '../../src/store/experiments/write-schemas.ts';

/* Every YAML file that an editor is to check names the schema of its kind, by a path that leads there, and keeps it. */

const schemaOfKind: Readonly<Record<string, string>> = {
	ServiceModel: 'service-model',
	ServerModel: 'server-model',
	EngineModel: 'engine-model',
	StartupModel: 'startup-model',
	MetricsModel: 'metrics-model',
	PrometheusModel: 'prometheus-model',
	PriceBook: 'price-book',
	EnergyModel: 'energy-model',
	InstanceCatalogue: 'instance-catalogue',
	Claims: 'claims',
	TuningSpace: 'tuning-space',
	RecordingSettings: 'recording-settings',
};

const ajv = new Ajv({strict: false, allErrors: true, unicodeRegExp: true});
const validators = new Map(
	schemaNames.map(name => [
		name as string,
		ajv.compile(JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'))),
	]),
);

const files = ['experiments', 'models', 'bench', 'test/cluster/fixtures'].flatMap(
	folder =>
		readdirSync(folder, {recursive: true, encoding: 'utf8'})
			.filter(path => path.endsWith('.yaml'))
			.map(path => `${folder}/${path}`)
			.filter(path => !/^kind: ScaledObject$/m.test(readFileSync(path, 'utf8'))), // whose schema is KEDA's own
);

test('there are files of most kinds', t => {
	t.true(files.length > 35, `${files.length}`);
});

for (const file of files) {
	test(`${file} names its schema and keeps it`, t => {
		const text = readFileSync(file, 'utf8');
		const value = parse(text) as {kind?: string};
		const schema = value.kind === undefined ? 'experiment' : schemaOfKind[value.kind];
		t.truthy(schema, value.kind);
		const path = relative(dirname(file), `schemas/${schema}.schema.json`);
		t.is(text.split('\n', 1)[0], `# yaml-language-server: $schema=${path}`);
		const validate = validators.get(schema!)!;
		t.true(validate(value), JSON.stringify(validate.errors?.slice(0, 3)));
	});
}
