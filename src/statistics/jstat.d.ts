// The functions of jstat that are used; the package ships no types.
declare module 'jstat' {
	const jstat: {
		studentt: {
			inv(probability: number, degreesOfFreedom: number): number;
			cdf(value: number, degreesOfFreedom: number): number;
		};
		beta: {cdf(value: number, alpha: number, beta: number): number};
		chisquare: {inv(probability: number, degreesOfFreedom: number): number};
		centralF: {inv(probability: number, numerator: number, denominator: number): number};
	};
	export default jstat;
}
