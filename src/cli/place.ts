import type {Place} from '../cluster/prepare.ts';
import {UserError} from '../errors.ts';

/** Options that say where to measure. */
export type PlaceOptions = {
	readonly cluster: string;
	readonly context?: string;
	readonly address?: string;
	readonly backendImage?: string;
	readonly ollamaImage?: string;
};

const text = {type: 'string', requiresArg: true} as const;

/** The same for yargs. */
export const placeOptions = {
	cluster: {...text, default: 'replicast', describe: 'Name of the kind cluster; made if there is none'},
	keep: {type: 'boolean', default: false, describe: 'Leave a cluster that was made where it is'},
	context: {...text, describe: 'Context of a cluster that is there, instead of a kind cluster'},
	address: {...text, describe: 'HOST:PORT at which that cluster’s Service answers'},
	'backend-image': {...text, describe: 'Image of the backend in that cluster'},
	'ollama-image': {...text, describe: 'Image of Ollama with the model in that cluster'},
} as const;

/** @throws {UserError} E_USAGE when the options do not fit together */
export function placeOf({cluster, context, address, backendImage, ollamaImage}: PlaceOptions): Place {
	if (context === undefined) {
		const given = Object.entries({address, 'backend-image': backendImage, 'ollama-image': ollamaImage});
		const stray = given.find(([, value]) => value !== undefined);
		if (stray !== undefined) {
			throw new UserError('E_USAGE', `Expected --${stray[0]} to come with --context, got it alone`);
		}

		return {kind: 'kind', name: cluster};
	}

	if (backendImage === undefined || ollamaImage === undefined) {
		throw new UserError(
			'E_USAGE',
			'Expected --context to come with --backend-image and --ollama-image, got it without',
		);
	}

	const images = {backend: backendImage, ollama: ollamaImage};
	return {kind: 'foreign', context, images, ...(address !== undefined && {address})};
}
