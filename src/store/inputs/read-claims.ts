import {claimFaults} from '../../audit/claim-faults.ts';
import {ClaimsFile, type FigureReference} from '../../audit/claims-file.ts';
import {isPriced} from '../../audit/unit.ts';
import {UserError} from '../../errors.ts';
import {readExperiment} from '../experiments/read-experiment.ts';
import {configError, readSourceTree} from '../experiments/read-model.ts';
import {resolvePath} from '../experiments/referenced-files.ts';
import {checkTree, faultLines} from '../yaml/describe-issues.ts';

/**
 * The claims of a publication, found to be in order; the experiments that they name are relative to the file.
 *
 * @throws {UserError} with one line for each fault, `FILE:LINE:COLUMN: message`
 */
export async function readClaims(path: string): Promise<ClaimsFile> {
	const tree = await readSourceTree(path, {form: 'Claims'});
	const checked = checkTree(ClaimsFile, tree);
	if ('faults' in checked) {
		throw configError(faultLines(tree, checked.faults));
	}

	const currencies = new Map<string, string>();
	const resolve = (file: string) => resolvePath(file, {file: path, line: 1, column: 1});
	for (const reference of pricedReferences(checked.value)) {
		currencies.set(keyOf(reference), await currencyOf({...reference, file: resolve(reference.file)}));
	}

	const file = withReferences(checked.value, reference => {
		const currency = isPriced(reference.figure) ? currencies.get(keyOf(reference)) : undefined;
		return {...reference, ...(currency !== undefined && {currency})};
	});
	const faults = claimFaults(file);
	if (faults.length > 0) {
		throw configError(faultLines(tree, faults));
	}

	return withReferences(file, reference => ({...reference, file: resolve(reference.file)}));
}

/** References to money, one for each experiment. */
function pricedReferences({claims, figures}: ClaimsFile): FigureReference[] {
	const references = [
		...figures.flatMap(({experiment}) => experiment ?? []),
		...claims.flatMap(({experiment, measured}) => [experiment ?? [], measured ?? []].flat()),
	];
	const priced = references.filter(({figure}) => isPriced(figure));
	return [...new Map(priced.map(reference => [keyOf(reference), reference])).values()];
}

function keyOf({file, profile, set}: FigureReference): string {
	return JSON.stringify([file, profile, set]);
}

/** Currency of an experiment; dollars when it cannot be read: its faults are reported when it is simulated. */
async function currencyOf({file, profile, set}: FigureReference): Promise<string> {
	try {
		const {prices} = await readExperiment(file, {set, ...(profile !== undefined && {profile})});
		return prices.currency;
	} catch (error) {
		if (error instanceof UserError) {
			return 'USD';
		}

		throw error;
	}
}

function withReferences(
	file: ClaimsFile,
	resolved: <Reference extends FigureReference>(reference: Reference) => Reference,
): ClaimsFile {
	return {
		...file,
		figures: file.figures.map(figure => ({
			...figure,
			...(figure.experiment !== undefined && {experiment: resolved(figure.experiment)}),
		})),
		claims: file.claims.map(claim => ({
			...claim,
			...(claim.experiment !== undefined && {experiment: resolved(claim.experiment)}),
			...(claim.measured !== undefined && {measured: resolved(claim.measured)}),
		})),
	};
}
