import {appendFile, cp, mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import anyTest from 'ava';
import yargs, {type Argv} from 'yargs';
import {commands} from '../../src/cli/commands.ts';
import {parseAndRun} from '../../src/cli/parse.ts';
import {UserError} from '../../src/errors.ts';
import {packageRoot} from '../../src/store/disk/package.ts';
import {caught} from './in-this-process.ts';
import {workplace} from './measured-workplace.ts';
import {type Try, tries} from './option-tries.ts';
import {removeTemporaryFolders, temporaryFolder} from './run-command.ts';

const test = anyTest.serial;

type Options = {
	readonly key: Readonly<Record<string, unknown>>;
	readonly string: readonly string[];
	readonly boolean: readonly string[];
	readonly array: readonly string[];
	readonly choices: Readonly<Record<string, readonly string[]>>;
	readonly narg: Readonly<Record<string, number>>;
};

const nameOf = (command: string) => command.split(' ')[0]!;
const positional = (command: string) => [...command.matchAll(/[<[](\w+)/g)].map(([, name]) => name!);

async function parserOf(command: string): Promise<Argv> {
	const {builder} = await commands.find(each => nameOf(each.command) === command)!.load();
	const parser = yargs([]).help(false).version(false).exitProcess(false).fail(false);
	return builder(parser.parserConfiguration({'duplicate-arguments-array': true, 'boolean-negation': false})) as Argv;
}

async function optionsOf(command: string): Promise<Options> {
	return ((await parserOf(command)) as Argv & {getOptions: () => Options}).getOptions();
}

async function faultOf(command: string, words: readonly string[]): Promise<string> {
	try {
		await (await parserOf(command)).parseAsync([...words]);
		return `${words.join(' ')} is taken`;
	} catch (error) {
		return (error as Error).message;
	}
}

anyTest.before(async () => {
	const {cwd} = await workplace();
	await appendFile(join(cwd, 'small.yaml'), 'profiles: {brief: {replications: 2, duration: 90s}}\n');
	await mkdir(join(cwd, 'experiments'));
	await cp(join(cwd, 'small.yaml'), join(cwd, 'experiments', 'small.yaml'));
	await cp(join(packageRoot(), 'models', 'prices-poster.yaml'), join(cwd, 'prices.yaml'));
	await cp(join(packageRoot(), 'experiments', 'spaces', 'thresholds.yaml'), join(cwd, 'space.yaml'));
	const container =
		'{name: ollama, image: "ollama/ollama:1", resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 2Gi}}}';
	const template = `{metadata: {labels: {app: chat}}, spec: {containers: [${container}]}}`;
	const workload = `spec: {selector: {matchLabels: {app: chat}}, template: ${template}}`;
	const target = 'scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: chat}';
	await writeFile(
		join(cwd, 'manifests.yaml'),
		`apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: chat}\n${workload}\n---\n` +
			`apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: chat}\nspec: {${target}, maxReplicas: 3}\n`,
	);
	await writeFile(join(cwd, 'cases.ndjson'), '{"hpa": {"maxReplicas": 3}, "pods": []}\n');
	await writeFile(join(cwd, 'trace.csv'), 'atSeconds,promptTokens,outputTokens\n0,10,10\n1,20,20\n');
	await mkdir(join(cwd, 'recorded', 'runs', 'a'), {recursive: true});
	await mkdir(join(cwd, 'recorded', 'workloads'));
	await writeFile(join(cwd, 'recorded', 'runs.csv'), 'set,run,workload\n1.30,a,load\n');
	await writeFile(join(cwd, 'recorded', 'runs', 'a', 'replicas.csv'), 'seconds,desiredReplicas\n0,1\n9,2\n');
	await writeFile(join(cwd, 'recorded', 'workloads', 'load.csv'), 'atSeconds,serviceSeconds\n1,1\n2,3\n');
	const pods = '{containers: {app: {limits: {cpu: 1}}}, service: {distribution: constant, value: 1s}}';
	await writeFile(
		join(cwd, 'recorded', 'settings.yaml'),
		`apiVersion: replicast/v1\nkind: RecordingSettings\nname: a\nexperiment: {deployment: ${pods}, autoscaler: {maxReplicas: 3}}\n`,
	);
	process.chdir(cwd);
	const path = await temporaryFolder(); // no kind, docker or kubectl
	await symlink(process.execPath, join(path, 'node'));
	process.env['PATH'] = path;
	Object.assign(process.env, {AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret'});
	process.env['KUBECONFIG'] = join(cwd, 'none');
	await call('records import recorded/runs/a/replicas.csv --experiment small.yaml --start 0 --out 1.29'.split(' '));
});
anyTest.after.always(removeTemporaryFolders);

async function call(words: readonly string[]): Promise<{readonly text: string; readonly fault?: string}> {
	const streams = [caught(process.stdout), caught(process.stderr)];
	const text = () => streams.map(stream => stream.text()).join('');
	try {
		await parseAndRun(words);
		return {text: text()};
	} catch (error) {
		if (error instanceof UserError) {
			return {text: text(), fault: error.message};
		}

		throw error;
	} finally {
		for (const stream of streams) {
			stream.end();
		}

		process.exitCode = 0;
	}
}

for (const {command} of commands) {
	const name = nameOf(command);
	const mine = tries[name] ?? {};

	test(`${name}: each option has a try, and each try an option`, async t => {
		const {key} = await optionsOf(name);
		const names = Object.keys(key).filter(each => !positional(command).includes(each) && /^[a-z]/.test(each));
		const written = names.filter(each => !/[A-Z]/.test(each));
		t.deepEqual(written.sort(), Object.keys(mine).sort());
	});

	test(`${name}: an option that is not yes or no is text, as it is written`, async t => {
		const {key, string, boolean, choices} = await optionsOf(name);
		const guessed = Object.keys(key).filter(option => !string.includes(option) && !boolean.includes(option));
		t.deepEqual(guessed, []);
		for (const [option, words] of Object.entries(choices).filter(([each]) => !positional(command).includes(each))) {
			for (const word of words) {
				const given = await (await parserOf(name)).parseAsync([`--${option}`, word]);
				t.is(given[option], word);
			}
		}
	});

	test(`${name}: an option of one value is not taken twice`, async t => {
		const {key, string, array} = await optionsOf(name);
		const once = Object.keys(key).filter(option => string.includes(option) && !array.includes(option));
		const words = once.filter(option => option.length > 1 && !positional(command).includes(option));
		const faults = await Promise.all(
			words.map(async option => faultOf(name, [`--${option}`, '1', `--${option}`, '2'])),
		);
		t.deepEqual(
			faults.filter(fault => !fault.startsWith('Expected')),
			[],
		);
	});

	for (const [words, [refusal, options]] of linesOf(mine)) {
		test(`${name} ${words} (${options.join(', ')})`, async t => {
			const {text, fault} = await call([name, ...words.split(' ')]);
			if (refusal === undefined) {
				t.is(fault, undefined, text);
			} else {
				t.regex(fault ?? '', refusal, text);
			}
		});
	}
}

/** The tries that differ, each with the options that it is for. */
function linesOf(given: Readonly<Record<string, Try>>) {
	const lines = new Map<string, readonly [RegExp | undefined, string[]]>();
	for (const [option, [words, refusal]] of Object.entries(given)) {
		const line = lines.get(words) ?? ([refusal, []] as const);
		line[1].push(option);
		lines.set(words, line);
	}

	return lines;
}
