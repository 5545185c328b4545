import {join} from 'node:path';
import test from 'ava';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {readPriceBooks} from '../../../src/store/experiments/read-model.ts';
import {readCase} from '../../../src/store/inputs/read-cases.ts';
import {readClaims} from '../../../src/store/inputs/read-claims.ts';
import {faultLines, inFolder, sound} from '../scratch.ts';

const head = 'apiVersion: replicast/v1\n';
const files = {
	'experiment.yaml': sound,
	'claims.yaml': `${head}kind: Claims\nname: a\npublication: b\nclaims: []\n`,
	'space.yaml': `${head}kind: TuningSpace\nname: a\nsettings: {}\n`,
	'prices.yaml': `${head}kind: PriceBook\nname: a\n`,
	'case.yaml': 'hpa: {}\nscale: {}\n',
	'model.yaml': `${head}kind: EngineModel\nname: a\n`,
};

const named: Readonly<Record<string, string>> = {
	'experiment.yaml': 'an experiment: run it with replicast run ',
	'claims.yaml': 'a claims file: check it with replicast audit ',
	'space.yaml': 'a space of settings: search it with replicast tune EXPERIMENT --space ',
	'prices.yaml': 'a price book: bill with it by replicast run EXPERIMENT --price-book ',
	'case.yaml': 'a case of an autoscaler: answer it with replicast decide ',
	'model.yaml': 'an EngineModel, which an experiment names',
};

const readers: Readonly<Record<string, {wanted: string; own: string; read: (path: string) => Promise<unknown>}>> = {
	run: {wanted: 'an experiment', own: 'experiment.yaml', read: async path => readExperiment(path)},
	audit: {wanted: 'a claims file', own: 'claims.yaml', read: async path => readClaims(path)},
	decide: {
		wanted: 'a case of an autoscaler',
		own: 'case.yaml',
		async read(path) {
			const found = await readCase(path);
			return 'faults' in found ? found.faults : '';
		},
	},
	prices: {wanted: 'a price book', own: 'prices.yaml', read: async path => readPriceBooks([path])},
};

for (const [name, {wanted, own, read}] of Object.entries(readers)) {
	test(`${name} says in one line what another file is, and which command takes it`, async t => {
		await inFolder(files, async folder => {
			for (const file of Object.keys(files).filter(other => other !== own)) {
				let said = '';
				const lines = await faultLines(t, folder, async () => {
					said = String(await read(join(folder, file)));
				});
				const [line, ...more] = lines.length === 0 ? said.replaceAll(`${folder}/`, '').split('\n') : lines;
				const path = named[file]!.endsWith(' ') ? file : '';
				t.is(line, `${file}:1:1: Expected ${wanted}, got ${named[file]}${path}`);
				t.deepEqual(more, []);
			}
		});
	});
}
