import {studentQuantile} from '../../statistics/estimate.ts';

type Precision = {
	/** Standard deviation of the figure between runs. */
	readonly deviation: number;
	/** Largest error that is allowed. */
	readonly tolerance: number;
	/** Error that is there: 0 for a simulator that is right. */
	readonly bias: number;
	/** More repeats than this are not looked for. */
	readonly most: number;
	/** Level of each one-sided test after so many repeats; 5 % when left out. A level of 0 decides nothing. */
	readonly levelOf?: ((repeats: number) => number) | undefined;
};

/** Usual level of each of the two one-sided tests, and the probability that they show what is there. */
const [alpha, power] = [0.05, 0.8];

/**
 * Repeats after which two one-sided tests show with a probability of 80 % that an error is within its tolerance, where the
 * spread of the repeats is known from the simulator's runs as well as from their own.
 *
 * @returns at least 2; undefined when more than the most are needed, or the error is beyond the tolerance
 * @see Julious, Statistics in Medicine 23, 2004, equation 8
 */
export function repeatsForVerdict({
	deviation,
	tolerance,
	bias,
	most,
	levelOf = () => alpha,
}: Precision): number | undefined {
	const room = tolerance - bias;
	if (!(room > 0)) {
		return undefined;
	}

	const sides = bias === 0 ? 2 : 1; // a right simulator may be found beyond either end
	for (let repeats = 2; repeats <= most; repeats++) {
		const freedom = pooledFreedom + repeats;
		const level = levelOf(repeats);
		if (level <= 0) {
			continue;
		}

		const needed = studentQuantile(1 - level, freedom) + studentQuantile(1 - (1 - power) / sides, freedom);
		if ((needed * deviation) / Math.sqrt(repeats) <= room) {
			return repeats;
		}
	}

	return undefined;
}

/** Degrees of freedom that the simulator's runs lend. */
const pooledFreedom = 50;
