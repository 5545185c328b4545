import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {lint, lintRules} from '../../src/library/lint.ts';
import {rulesUnderLoad} from '../../src/lint/load/rules-under-load.ts';
import {answerOf} from '../../src/lint/witness/case-document.ts';

const folder = fileURLToPath(new URL('../../../test/fixtures/lint/rules/', import.meta.url));
const loads = fileURLToPath(new URL('../../../test/fixtures/lint/load/', import.meta.url));
const withLoad = rulesUnderLoad.map(({id}) => id);

test('every rule has a manifest in which it must speak, and one in which it must not', t => {
	for (const {id} of lintRules) {
		const files = readdirSync(join(withLoad.includes(id) ? loads : folder, id));
		t.true(files.includes('speaks.yaml') && files.includes('silent.yaml'), id);
	}
});

for (const rule of withLoad) {
	for (const [file, expected] of [
		['speaks', [rule]],
		['silent', []],
	] as const) {
		test(`${rule} ${file} under the load of an experiment`, async t => {
			const manifest = join(loads, rule, `${file}-manifest.yaml`);
			const experiment = join(loads, rule, `${file}.yaml`);
			const {findings, notLookedAt, load} = await lint([manifest], {experiment});
			t.deepEqual(notLookedAt, []);
			t.deepEqual(load, {name: file, of: ['HorizontalPodAutoscaler web'], isAssumed: false});
			t.deepEqual(
				findings.map(finding => finding.rule),
				expected,
			);
			for (const {witness, place, message, fix} of findings) {
				t.true(place.line !== undefined && place.line > 1, JSON.stringify(place));
				t.regex(message, /\.$/);
				t.regex(fix, /\.$/);
				t.is(witness.from, 'simulator');
				t.true(witness.timeline.length > 10);
			}

			t.deepEqual((await lint([manifest])).findings, [], 'without a load');
		});
	}
}

for (const rule of readdirSync(folder)) {
	for (const file of readdirSync(join(folder, rule))) {
		const speaks = file.startsWith('speaks');
		test(`${rule}: ${file} ${speaks ? 'is found' : 'is left alone'}`, async t => {
			const {findings} = await lint([join(folder, rule, file)]);
			t.deepEqual([...new Set(findings.map(finding => finding.rule))], speaks ? [rule] : []);
			for (const {witness, place, message, fix} of findings) {
				t.true(place.line !== undefined && place.line > 1, JSON.stringify(place));
				t.regex(message, /\.$/);
				t.regex(fix, /\.$/);
				t.true(witness.timeline.length > 0 || rule === 'refused', 'a witness');
				for (const {case: document, desiredReplicas} of witness.cases) {
					t.is(answerOf(JSON.parse(JSON.stringify(document)) as typeof document).desiredReplicas, desiredReplicas);
				}
			}
		});
	}
}
