import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import {type EngineModel, EngineModelFile, engineModelOf} from '../../experiment/serving/engine-model.ts';
import {packageRoot} from '../disk/package.ts';
import {readModel} from './read-model.ts';

/** Model and GPUs of an engine, as its record names them. */
type Served = {readonly model: string; readonly gpu: string; readonly tensorParallel: number};

/** Folder of the engine models that come with the package. */
export function engineModelFolder(): string {
	return join(packageRoot(), 'models', 'engines');
}

/**
 * The engine model in a file, or the shipped one for a model on a GPU.
 *
 * @throws {UserError} with the faults of the file, or the names of the models that there are
 */
export async function findEngineModel(served: Served, path?: string): Promise<EngineModel> {
	return readEngineModel(path ?? (await shippedEngineModel(served)));
}

/** The engine model in a file. */
export async function readEngineModel(path: string): Promise<EngineModel> {
	return engineModelOf(await readModel(path, EngineModelFile, 'EngineModel'));
}

/** Path of the shipped engine model for a model on a GPU. */
export async function shippedEngineModel(served: Served): Promise<string> {
	const folder = engineModelFolder();
	const known: string[] = [];
	for (const file of readdirSync(folder)
		.filter(name => name.endsWith('.yaml'))
		.sort()) {
		const read = await readModel(join(folder, file), EngineModelFile, 'EngineModel');
		const {model, gpu, tensorParallel} = read.serves;
		if (isSame(model, served.model) && isSame(gpu, served.gpu) && tensorParallel === served.tensorParallel) {
			return join(folder, file);
		}

		known.push(`${model} on ${tensorParallel} ${gpu}`);
	}

	const {model, gpu, tensorParallel} = served;
	const wanted = `${model} on ${tensorParallel} ${gpu}`;
	throw new UserError(
		'E_FILE',
		`Expected an engine model for ${wanted} (or one with --engine-model), got ${known.join('; ')}`,
	);
}

/** Whether two names are of one thing: one may say more, such as the memory of a GPU or the vendor. */
function isSame(one: string, other: string): boolean {
	const [a, b] = [one, other].map(name => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')) as [string, string];
	return a.includes(b) || b.includes(a);
}
