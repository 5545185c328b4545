import {cp, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {replicast, temporaryFolder, writeSmall} from './run-command.ts';

export const accept = (tolerances: string) => (text: string) =>
	`${text.replace(/^accept:.*\n/m, '')}accept: ${tolerances}\n`;

/** A folder with an experiment, a simulated record of it and copies of that as measured ones. */
export async function workplace({tolerances = '{replicasMean: 50%}', repeats = 2} = {}) {
	const cwd = await temporaryFolder();
	const file = join(cwd, 'small.yaml');
	await writeSmall(file, accept(tolerances));
	await cp(await simulatedOnce(tolerances), join(cwd, 'reports'), {recursive: true});
	for (let repeat = 0; repeat < repeats; repeat++) {
		await copyAsMeasured(cwd, repeat);
	}

	return {cwd, file};
}

/** Reports of the experiment with such tolerances, simulated once for all tests of a file. */
async function simulatedOnce(tolerances: string): Promise<string> {
	const known = simulated.get(tolerances) ?? simulate(tolerances);
	simulated.set(tolerances, known);
	return known;
}

const simulated = new Map<string, Promise<string>>();

async function simulate(tolerances: string): Promise<string> {
	const cwd = await temporaryFolder();
	await writeSmall(join(cwd, 'small.yaml'), accept(tolerances));
	await replicast(['run', join(cwd, 'small.yaml'), '--replications', '1', '--json'], {cwd});
	return join(cwd, 'reports');
}

/** Makes a measured record of the simulated one. */
export async function copyAsMeasured(
	cwd: string,
	repeat: number,
	change: (head: Record<string, unknown>) => void = () => {},
): Promise<string> {
	const folder = join(cwd, 'reports', 'measured', 'small', `dynamic-${repeat}`);
	await mkdir(folder, {recursive: true});
	await cp(join(cwd, 'reports', 'simulated', 'small', 'dynamic'), folder, {recursive: true});
	const path = join(folder, 'record.json');
	const head = {...JSON.parse(await readFile(path, 'utf8')), engine: 'measured', replication: repeat};
	change(head);
	await writeFile(path, JSON.stringify(head));
	return folder;
}
