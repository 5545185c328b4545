import {availableParallelism, freemem, loadavg} from 'node:os';
import {UserError} from '../../errors.ts';
import {runTool} from './run-tool.ts';

/** Finding on a requirement of a replay on this machine. */
export type MachineFinding = {
	readonly name: string;
	/** `poor`: a replay starts, but its measurements may be invalid. */
	readonly state: 'good' | 'poor' | 'missing';
	readonly found: string;
	/** Remedy; absent when all is well. */
	readonly advice?: string;
};

/** Facts of the machine; a test passes its own. */
export type Machine = {
	/** Standard output of a command. Rejects when it fails. */
	readonly run: (tool: 'docker' | 'kind' | 'kubectl', words: readonly string[]) => Promise<string>;
	readonly cores: number;
	/** Load average of the last minute [cores]. */
	readonly load: number;
	/** [bytes] */
	readonly freeMemory: number;
};

const leastCores = 2;
const leastMemory = 2 * 2 ** 30;
const gibibyte = 2 ** 30;

/** This machine. */
export function thisMachine(): Machine {
	return {
		run: async (tool, words) => runTool(tool, words, {timeout: 30}),
		cores: availableParallelism(),
		load: loadavg()[0] ?? 0,
		freeMemory: freemem(),
	};
}

/**
 * Examines a machine for everything that a replay needs.
 *
 * @param isElsewhere - the cluster is not on this machine: only kubectl is needed
 */
export async function examine(machine: Machine, {isElsewhere = false} = {}): Promise<MachineFinding[]> {
	const kubectl = await examineKubectl(machine);
	return isElsewhere
		? [kubectl]
		: [
				await examineDocker(machine),
				await examineKind(machine),
				kubectl,
				examineCores(machine),
				examineMemory(machine),
			];
}

/** @throws {UserError} E_CLUSTER in one line when something is missing */
export function refuseWithout(findings: readonly MachineFinding[], purpose = 'a replay'): void {
	const missing = findings.filter(({state}) => state === 'missing');
	if (missing.length > 0) {
		const lacking = missing.map(({name, found}) => `${name} (${found})`).join(', ');
		throw new UserError(
			'E_CLUSTER',
			`Expected all that ${purpose} needs on this machine, missing: ${lacking}; replicast doctor says what to do`,
		);
	}
}

async function examineDocker({run}: Machine): Promise<MachineFinding> {
	const name = 'docker';
	try {
		const version = await run('docker', ['version', '--format', '{{.Server.Version}}']);
		return {name, state: 'good', found: `a daemon of version ${version}`};
	} catch (error) {
		const isThere = await run('docker', ['--version']).then(
			() => true,
			() => false,
		);
		return isThere
			? {
					name,
					state: 'missing',
					found: 'no daemon that answers',
					advice: `Start Docker, or let this user use it: ${reason(error)}`,
				}
			: {
					name,
					state: 'missing',
					found: 'no such command',
					advice: 'Install Docker: https://docs.docker.com/get-docker',
				};
	}
}

async function examineKind({run}: Machine): Promise<MachineFinding> {
	try {
		const [, version = 'an unknown version'] = (await run('kind', ['version'])).split(' ');
		return {name: 'kind', state: 'good', found: version};
	} catch {
		const advice =
			'Install kind: go install sigs.k8s.io/kind@latest, or https://kind.sigs.k8s.io/docs/user/quick-start/#installation';
		return {name: 'kind', state: 'missing', found: 'no such command', advice};
	}
}

async function examineKubectl({run}: Machine): Promise<MachineFinding> {
	try {
		const {clientVersion} = JSON.parse(await run('kubectl', ['version', '--client', '--output', 'json'])) as {
			clientVersion: {gitVersion: string};
		};
		return {name: 'kubectl', state: 'good', found: clientVersion.gitVersion};
	} catch {
		const advice = 'Install kubectl: https://kubernetes.io/docs/tasks/tools';
		return {name: 'kubectl', state: 'missing', found: 'no such command', advice};
	}
}

function examineCores({cores, load}: Machine): MachineFinding {
	const found = `${cores}, with a load of ${load.toFixed(1)} over the last minute`;
	if (cores < leastCores) {
		return {name: 'cores', state: 'missing', found, advice: `Use a machine with at least ${leastCores} cores`};
	}

	return load > cores / 2
		? {
				name: 'cores',
				state: 'poor',
				found,
				advice: 'Stop other work on this machine: it takes CPU time away from the pods',
			}
		: {name: 'cores', state: 'good', found};
}

function examineMemory({freeMemory}: Machine): MachineFinding {
	const found = `${(freeMemory / gibibyte).toFixed(1)} GiB free`;
	return freeMemory < leastMemory
		? {name: 'memory', state: 'missing', found, advice: `Free memory until ${leastMemory / gibibyte} GiB are free`}
		: {name: 'memory', state: 'good', found};
}

function reason(error: unknown): string {
	return error instanceof Error ? error.message.replace(/^Expected .* to work, got /, '') : String(error);
}
