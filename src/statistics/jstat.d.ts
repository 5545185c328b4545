// The one function of jstat that is used; the package ships no types.
declare module 'jstat' {
	const jstat: {studentt: {inv(probability: number, degreesOfFreedom: number): number}};
	export default jstat;
}
