import {existsSync} from 'node:fs';
import {mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Ajv} from 'ajv';
import test from 'ava';
import {parse} from 'yaml';
import {removeTemporaryFolders, replicast, temporaryFolder} from '../run-command.ts';

test.after.always(removeTemporaryFolders);

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The schema that the first line of a file names, as an editor finds it. */
async function schemaOf(path: string): Promise<object> {
	const [, reference = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(await readFile(path, 'utf8')) ?? [];
	const file = reference.startsWith('file:') ? fileURLToPath(reference) : resolve(dirname(path), reference);
	return JSON.parse(await readFile(file, 'utf8'));
}

test('a first experiment is written, keeps its schemas and runs at once', async t => {
	const cwd = await temporaryFolder();
	const {stdout, stderr, exitCode} = await replicast(['init', 'mine'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /^Written: mine\/experiment\.yaml\n/);
	for (const command of ['run', 'tune', 'explore']) {
		t.regex(stdout, new RegExp(`\\n {2}replicast ${command} mine/experiment\\.yaml {2,}[a-z].+\\n`));
	}

	for (const file of ['experiment.yaml', 'models/tinyllama.yaml']) {
		const path = join(cwd, 'mine', file);
		const validate = new Ajv({strict: false}).compile(await schemaOf(path));
		t.true(validate(parse(await readFile(path, 'utf8'))), JSON.stringify(validate.errors));
	}

	const run = await replicast(['run', 'mine/experiment.yaml', '--replications', '2', '--json'], {cwd});
	t.is(run.exitCode, 0, run.stderr);
	const [{dynamic, fixed}] = JSON.parse(run.stdout);
	t.true(dynamic.replicas.max > 2, 'it scales');
	t.true(dynamic.requests.completed > 100);
	t.is(fixed.replicas.mean, 6);
});

test('where the package is installed, the schemas are named by a path that is good on other machines', async t => {
	const cwd = await temporaryFolder();
	await mkdir(join(cwd, 'node_modules'));
	await symlink(root, join(cwd, 'node_modules', 'replicast'));
	await replicast(['init'], {cwd});
	const first = async (file: string) => (await readFile(join(cwd, file), 'utf8')).split('\n')[0];
	const schema = 'node_modules/replicast/schemas';
	t.is(await first('experiment.yaml'), `# yaml-language-server: $schema=./${schema}/experiment.schema.json`);
	t.is(await first('models/tinyllama.yaml'), `# yaml-language-server: $schema=../${schema}/service-model.schema.json`);
	t.like(await schemaOf(join(cwd, 'experiment.yaml')), {title: 'Replicast experiment'});
});

test('nothing is ever overwritten, and then nothing is written', async t => {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'hpa.yaml'), 'mine');
	const {stdout, stderr, exitCode} = await replicast(['init'], {cwd});
	t.deepEqual([exitCode, stdout], [2, '']);
	t.is(stderr, 'Expected hpa.yaml to be absent, as nothing is overwritten, got a file\n');
	t.is(await readFile(join(cwd, 'hpa.yaml'), 'utf8'), 'mine');
	t.deepEqual(await readdir(cwd), ['hpa.yaml']);
});

test('a folder that cannot be made is told in one line', async t => {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'file'), '');
	const {stderr, exitCode} = await replicast(['init', 'file/below'], {cwd});
	t.is(exitCode, 2);
	t.regex(stderr, /^file\/below: a file stands where a folder has to be\n$/);
	t.false(existsSync(join(cwd, 'experiment.yaml')));
});
