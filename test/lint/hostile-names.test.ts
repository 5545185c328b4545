import {join} from 'node:path';
import test from 'ava';
import {lint, lintRules} from '../../src/library/lint.ts';
import {lintGithub, lintJson, lintSarif} from '../../src/report/lint/lint-formats.ts';
import {lintMarkdown, lintText} from '../../src/report/lint-report.ts';
import {deployment, folderOf, hpa, removeFolders, scaledObject} from './manifests.ts';

test.after.always(removeFolders);

/** Names that act where they are not escaped. */
const names = {
	ansi: '\u001B[31m\u001B]0;title\u0007red',
	bidi: 'web\u202Etxt.exe\u2066',
	markdown: '[x](https://evil.example) ![i](https://evil.example/i.png) **b** <script>alert(1)</script> `c` | d',
	workflow: 'a\n::error file=x::owned',
	lines: 'a ::error::owned ##[error]owned '.repeat(6),
	percent: 'a%0A::error::owned%25',
};

/** Texts in every form of an autoscaler, a workload, a container and a trigger of such a name. */
async function formsOf(name: string) {
	const quoted = JSON.stringify(name);
	const faulty = hpa('web').replace('name: web}\nspec', `name: ${quoted}}\nspec`);
	const text = [
		faulty,
		hpa('api', {min: '10'}).replace('kind: Deployment, name: api', `kind: Deployment, name: ${quoted}`),
		deployment('shop').replace('- name: shop', `- name: ${quoted}`),
		hpa('shop'),
		`apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: ${quoted}}\nspec: {maxUnavailable: 0, selector: {matchLabels: {app: cart}}}\n`,
		deployment('cart', '{cpu: 100m}'),
		hpa('cart'),
		scaledObject('queue', [`{type: ${quoted}, metadata: {a: b}}`], ['minReplicaCount: 1']),
		hpa('placeholder', {min: JSON.stringify(`{{ ${name} }}`)}),
	].join('---\n');
	const folder = await folderOf({'all.yaml': text});
	const found = await lint([folder]);
	return {
		found,
		folder,
		text: lintText(found, {width: 80, isFull: true}),
		markdown: lintMarkdown(found),
		json: lintJson(found),
		github: lintGithub(found),
		sarif: lintSarif(found, {rules: lintRules, version: '1.0.0'}),
	};
}

for (const [kind, name] of Object.entries(names)) {
	test(`a name with ${kind} acts in none of the forms`, async t => {
		const {found, text, markdown, json, github, sarif} = await formsOf(name);
		t.true(found.findings.length > 0, JSON.stringify(found.findings.map(({rule}) => rule)));
		t.true(found.notLookedAt.length > 0);
		for (const form of [text, markdown, json, github, sarif]) {
			// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be printed
			t.notRegex(form, /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
		}

		t.notRegex(text, /^\s*(?:::|##\[)/m);
		t.notRegex(markdown, /(?<!\\)(?:\]\(|<script)|^::/m);
		const commands = github.trimEnd().split('\n');
		t.is(commands.length, found.findings.length + found.notLookedAt.length);
		t.true(commands.every(line => /^::(?:error|warning|notice) file=[^:]+,title=[^:]*::/.test(line)));
		t.is(JSON.parse(json).findings.length, found.findings.length);
		t.is(JSON.parse(sarif).runs[0].results.length, found.findings.length);
	});
}

test('a file whose name acts is shown with escapes', async t => {
	const folder = await folderOf({'a\u001B[31m,b.yaml': hpa('web', {min: '10'})});
	const found = await lint([folder]);
	const file = join(folder, 'a\\u001b[31m,b.yaml');
	t.true(lintText(found, {width: 80, isFull: true}).includes(file));
	t.true(lintGithub(found).includes(file.replaceAll(',', '%2C')));
});
