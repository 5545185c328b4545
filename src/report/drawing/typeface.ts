import {readDependency} from '../../store/disk/package.ts';

/** The two weights of the typeface in which everything is set, as TrueType. */
export type Typeface = {readonly regular: Buffer; readonly semiBold: Buffer};

let read: Promise<Typeface> | undefined;

/** IBM Plex Sans, under the SIL Open Font License; read once. */
export async function typeface(): Promise<Typeface> {
	read ??= readTypeface();
	return read;
}

async function readTypeface(): Promise<Typeface> {
	const [regular, semiBold] = await Promise.all(
		['400Regular', '600SemiBold'].map(async style =>
			readDependency(`@expo-google-fonts/ibm-plex-sans/${style}/IBMPlexSans_${style}.ttf`),
		),
	);
	return {regular: regular!, semiBold: semiBold!};
}

/** Reads the fonts in base64, as pages hold them. */
export async function pageFonts(): Promise<{readonly regular: string; readonly semiBold: string}> {
	const {regular, semiBold} = await typeface();
	return {regular: regular.toString('base64'), semiBold: semiBold.toString('base64')};
}
