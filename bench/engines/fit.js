/** Least squares with coefficients of at least 0, by relative errors. */
export function leastRelativeSquares(rows, values) {
	let active = rows[0].map((_, column) => column);
	for (;;) {
		const weight = values.map(value => 1 / (value * value));
		const normal = active.map(a =>
			active.map(b => rows.reduce((sum, row, at) => sum + weight[at] * row[a] * row[b], 0)),
		);
		const right = active.map(a => rows.reduce((sum, row, at) => sum + weight[at] * row[a] * values[at], 0));
		for (const [at, line] of normal.entries()) {
			line[at] *= 1 + 1e-6; // columns may be alike
		}

		const solution = solve(normal, right);
		const least = Math.min(...solution);
		if (least >= 0) {
			const all = rows[0].map(() => 0);
			active.forEach((column, at) => {
				all[column] = solution[at];
			});
			return all;
		}

		active = active.filter((_, at) => at !== solution.indexOf(least));
	}
}

function solve(matrix, right) {
	const size = right.length;
	for (let pivot = 0; pivot < size; pivot++) {
		for (let row = pivot + 1; row < size; row++) {
			const factor = matrix[row][pivot] / matrix[pivot][pivot];
			for (let column = pivot; column < size; column++) {
				matrix[row][column] -= factor * matrix[pivot][column];
			}

			right[row] -= factor * right[pivot];
		}
	}

	for (let row = size - 1; row >= 0; row--) {
		for (let column = row + 1; column < size; column++) {
			right[row] -= matrix[row][column] * right[column];
		}

		right[row] /= matrix[row][row];
	}

	return right;
}

export function apply(coefficients, row) {
	return row.reduce((sum, value, column) => sum + value * coefficients[column], 0);
}

export function medianOf(values) {
	const sorted = [...values].sort((one, other) => one - other);
	return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
