import {mkdir, readdir, readFile, rename, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {removeTemporaryFolders, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Packs the package and unpacks it elsewhere, with the dependencies of this clone: tests have no registry. */
async function unpack(): Promise<{readonly folder: string; readonly unpacked: string}> {
	const folder = await temporaryFolder();
	// Without scripts: dist is built before the tests are.
	await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {cwd: root});
	const [archive = ''] = await readdir(folder);
	await execa('tar', ['-xzf', archive], {cwd: folder});
	const unpacked = join(folder, 'package');
	await symlink(join(root, 'node_modules'), join(unpacked, 'node_modules'));
	return {folder, unpacked};
}

test('the packed package runs its experiments elsewhere', async t => {
	const {folder, unpacked} = await unpack();
	const {bin, version} = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
	const command = join(unpacked, bin.replicast);
	t.true(((await stat(command)).mode & 0o111) !== 0, 'executable');
	t.deepEqual(
		(await readdir(unpacked)).sort(),
		[
			'LICENSE',
			'README.md',
			'bin',
			'dist',
			'experiments',
			'k8s',
			'models',
			'node_modules',
			'package.json',
			'schemas',
		].sort(),
	);
	t.false((await readdir(join(unpacked, 'dist'))).includes('.tsbuildinfo'));
	const licences = await readFile(join(unpacked, 'dist', 'LICENSES.txt'), 'utf8');
	for (const name of ['yaml', 'yargs', 'zod']) {
		t.regex(licences, new RegExp(`^${name}\n\n`, 'm'), `the licence of ${name}, which is bundled`);
	}

	const elsewhere = join(folder, 'elsewhere');
	await mkdir(elsewhere);
	t.is((await execa(command, ['--version'], {cwd: elsewhere})).stdout, version);
	const {stdout} = await execa(command, ['run', '--all', '--replications', '1', '--json'], {cwd: elsewhere});
	const names = JSON.parse(stdout).map(({experiment}: {experiment: string}) => experiment);
	for (const name of [
		'performance-under-load',
		'dynamic-scaling',
		'resource-consumption',
		'cost-efficiency',
		'multi-tenant',
	]) {
		t.true(names.includes(name), name);
	}

	t.deepEqual((await readdir(join(elsewhere, 'reports', 'simulated'))).length, names.length);
	const explored = await execa(command, ['explore', '--out', 'page.html'], {cwd: elsewhere});
	t.regex(explored.stdout, /^As it is: SLO met · .*Written to page\.html$/s);
});

test('npm install --global . makes the command, before a build and after one; npx finds it where it is installed', async t => {
	const {folder, unpacked} = await unpack();
	const {version} = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
	const npm = async (words: readonly string[], cwd: string) =>
		execa('npm', [...words, '--offline', '--no-update-notifier'], {cwd, env: {HOME: folder, npm_config_cache: folder}});
	await rename(join(unpacked, 'dist'), join(folder, 'built'));
	await npm(['install', '--global', '--prefix', join(folder, 'global'), '.'], unpacked);
	const elsewhere = join(folder, 'elsewhere');
	await mkdir(elsewhere);
	const command = join(folder, 'global', 'bin', 'replicast');
	const unbuilt = await execa(command, ['--version'], {cwd: elsewhere, reject: false});
	t.is(unbuilt.exitCode, 2);
	t.regex(unbuilt.stderr, /^Expected a built clone, got none: npm ci && npm run build in \S+$/);
	await rename(join(folder, 'built'), join(unpacked, 'dist'));
	t.is((await execa(command, ['--version'], {cwd: elsewhere})).stdout, version, 'built after it was installed');
	t.regex((await execa(command, ['init'], {cwd: elsewhere})).stdout, /^Written: experiment\.yaml$/m);
	t.regex((await execa(command, ['run', 'experiment.yaml'], {cwd: elsewhere})).stdout, /^first\n/);

	const project = join(folder, 'project');
	await mkdir(project);
	await writeFile(join(project, 'package.json'), '{"private": true}');
	await npm(['install', unpacked], project);
	t.is((await execa('npx', ['--no-install', 'replicast', '--version'], {cwd: project})).stdout, version);
});
