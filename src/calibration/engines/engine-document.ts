import type {EngineModel} from '../../experiment/serving/engine-model.ts';
import type {ModelDocument} from '../model-document.ts';
import type {EngineFit, FittedCoefficient} from './fit-engine.ts';

/** Source of the fitted values. */
export type EngineProvenance = {
	/** Such as `2026-11-24T10:15Z`. */
	readonly date: string;
	/** Names of the runs, and the digests of their files. */
	readonly sources: readonly string[];
	readonly digests: readonly string[];
	/** End of the part of the runs that was fitted [s]; Infinity for all of it. */
	readonly until: number;
};

/** An engine model's file with the coefficients that the runs tell; the others stay as they are. */
export function engineDocument(
	base: ModelDocument,
	{coefficients}: EngineFit,
	{date, sources, digests, until}: EngineProvenance,
): ModelDocument {
	const part = until === Number.POSITIVE_INFINITY ? '' : `, of the first ${until} s alone`;
	const source = `Fitted to ${sources.join(', ')}${part}`;
	const told = coefficients.filter(({isIdentified}) => isIdentified);
	const open = coefficients.filter(({isIdentified}) => !isIdentified).map(({name}) => name);
	const entries = (names: readonly FittedCoefficient[]) =>
		Object.fromEntries(
			names.map(({name, value, low, high}) => {
				const [rounded, from, to] = [value, low, high].map(number => Number(number.toPrecision(5)));
				return [name, {value: rounded, unit: 's', source, low: from, high: to}];
			}),
		);
	const {name, step, requestDelay, notes: _notes, records: _records, ...rest} = base;
	const delay = entries(told.filter(each => each.name === 'requestDelay'))['requestDelay'] ?? requestDelay;
	return {
		...rest,
		...{name: `${String(name).replace(/-fitted$/, '')}-fitted`, status: 'calibrated', date},
		notes: `${source}. ${open.length === 0 ? 'All coefficients above 0 were identifiable.' : `Not identifiable, as in ${String(name)}: ${open.join(', ')}.`}`,
		records: digests,
		step: {...(step as ModelDocument), ...entries(told.filter(each => each.name !== 'requestDelay'))},
		requestDelay: delay,
	};
}

/** Share of a run during which nearly all places of a batch are taken. */
export function fullShare(model: EngineModel, running: Float64Array): number {
	const full = running.filter(count => count >= 0.9 * model.engine.maxNumSeqs).length;
	return running.length === 0 ? 0 : full / running.length;
}
