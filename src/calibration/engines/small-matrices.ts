type Matrix = readonly (readonly number[])[];

function identity(size: number, value = 1): number[][] {
	return Array.from({length: size}, (_, i) => Array.from({length: size}, (__, j) => (i === j ? value : 0)));
}

/** Inverse of a symmetric matrix whose eigenvalues are above 0, by Cholesky's factors. */
export function inverseOf(matrix: Matrix): number[][] {
	return identity(matrix.length).map(column => solve(matrix, column));
}

/** Solution of `matrix × solution = right`, for a symmetric matrix whose eigenvalues are above 0. */
export function solve(matrix: Matrix, right: readonly number[]): number[] {
	const size = matrix.length;
	const lower = identity(size, 0);
	for (let i = 0; i < size; i++) {
		for (let j = 0; j <= i; j++) {
			let rest = matrix[i]![j]!;
			for (let k = 0; k < j; k++) {
				rest -= lower[i]![k]! * lower[j]![k]!;
			}

			lower[i]![j] = i === j ? Math.sqrt(Math.max(rest, 1e-300)) : rest / lower[j]![j]!;
		}
	}

	const solution = [...right];
	for (let i = 0; i < size; i++) {
		for (let k = 0; k < i; k++) {
			solution[i]! -= lower[i]![k]! * solution[k]!;
		}

		solution[i]! /= lower[i]![i]!;
	}

	for (let i = size - 1; i >= 0; i--) {
		for (let k = i + 1; k < size; k++) {
			solution[i]! -= lower[k]![i]! * solution[k]!;
		}

		solution[i]! /= lower[i]![i]!;
	}

	return solution;
}
