import type {ClaimFault} from '../audit/claim-fault.ts';
import {claimFaults} from '../audit/claim-faults.ts';
import {ClaimsFile} from '../audit/claims-file.ts';
import {checkTree, faultLines} from './describe-issues.ts';
import {resolvePath} from './inline-references.ts';
import {configError, readSourceTree} from './read-model.ts';

/**
 * The claims of a publication, found to be in order; the experiments that they name are relative to the file.
 *
 * @throws {UserError} with one line for each fault, `FILE:LINE:COLUMN: message`
 */
export async function readClaims(path: string): Promise<ClaimsFile> {
	const tree = await readSourceTree(path);
	const checked = checkTree(ClaimsFile, tree);
	const faults: readonly ClaimFault[] = 'faults' in checked ? [] : claimFaults(checked.value);
	if ('faults' in checked || faults.length > 0) {
		throw configError(faultLines(tree, 'faults' in checked ? checked.faults : faults));
	}

	return withPaths(checked.value, file => resolvePath(file, {file: path, line: 1, column: 1}));
}

function withPaths(file: ClaimsFile, resolve: (path: string) => string): ClaimsFile {
	const resolved = <Part extends {readonly file: string}>(part: Part): Part => ({...part, file: resolve(part.file)});
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
