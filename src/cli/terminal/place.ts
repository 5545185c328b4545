import type {InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import type {Place} from '../../library/replay/replay.ts';
import {usualEmulatedPlace, usualPlace} from '../../library/replay/replay-subject.ts';
import {oneText} from './option-forms.ts';

/** Options that say where to measure. */
export const placeOptions = {
	cluster: {...oneText('cluster'), default: 'replicast', describe: 'Name of the kind cluster; made if there is none'},
	keep: {type: 'boolean', default: false, describe: 'Leave a cluster that was made where it is'},
	context: {...oneText('context'), describe: 'Context of a cluster that is there, instead of a kind cluster'},
	address: {...oneText('address'), describe: 'HOST:PORT at which that cluster’s Service answers'},
	'backend-image': {...oneText('backend-image'), describe: 'Image of the backend in that cluster'},
	'ollama-image': {...oneText('ollama-image'), describe: 'Image of Ollama with the model in that cluster'},
	keda: {
		...oneText('keda'),
		describe: 'File with KEDA’s manifest, for a ScaledObject; the published one of KEDA 2.20.2 when left out',
	},
	'prometheus-image': {...oneText('prometheus-image'), describe: 'Image of the Prometheus that KEDA asks'},
} as const;

type Inferred = InferredOptionTypes<typeof placeOptions>;

/** Parsed options that say where to measure. */
type PlaceOptions = {readonly cluster?: string | undefined} & Partial<Omit<Inferred, 'cluster' | 'keep'>>;

/** @throws {UserError} E_USAGE when the options do not fit together */
export function placeOf({cluster, context, address, keda, ...images}: PlaceOptions): Place {
	const {'backend-image': backend, 'ollama-image': ollama, 'prometheus-image': prometheusImage} = images;
	const addOns = {...(keda !== undefined && {keda}), ...(prometheusImage !== undefined && {prometheusImage})};
	if (context === undefined) {
		const given = Object.entries({address, 'backend-image': backend, 'ollama-image': ollama});
		const stray = given.find(([, value]) => value !== undefined);
		if (stray !== undefined) {
			throw new UserError('E_USAGE', `Expected --context beside --${stray[0]}, got --${stray[0]} alone`);
		}

		return {...usualPlace, ...(cluster !== undefined && {name: cluster}), ...addOns};
	}

	if (backend === undefined || ollama === undefined) {
		throw new UserError(
			'E_USAGE',
			'Expected --backend-image and --ollama-image beside --context, got --context without them',
		);
	}

	return {kind: 'foreign', context, images: {backend, ollama}, ...(address !== undefined && {address}), ...addOns};
}

/** @throws {UserError} E_USAGE when an option is of real pods alone */
export function emulatedPlaceOf({cluster, ...others}: PlaceOptions): Place {
	const names = ['context', 'address', 'backend-image', 'ollama-image', 'keda', 'prometheus-image'] as const;
	const stray = names.find(name => others[name] !== undefined);
	if (stray !== undefined) {
		throw new UserError('E_USAGE', `Expected --on kind beside --${stray}, got --on kwok`);
	}

	return {...usualEmulatedPlace, ...(cluster !== undefined && {name: cluster})};
}
