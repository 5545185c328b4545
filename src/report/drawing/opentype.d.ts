// The functions of opentype.js that are used; the package ships no types.
declare module 'opentype.js' {
	type Font = {
		readonly unitsPerEm: number;
		charToGlyph(character: string): {readonly advanceWidth: number};
	};
	const opentype: {parse(buffer: ArrayBuffer): Font};

	export type {Font};
	export default opentype;
}
