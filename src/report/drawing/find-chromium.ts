import {constants} from 'node:fs';
import {access} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import process from 'node:process';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];

const elsewhere = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Path of a browser of the Chromium family: the one that `CHROME_PATH` names; else on the PATH, or where they usually are. */
export async function findChromium(): Promise<string | undefined> {
	const {CHROME_PATH, PATH = ''} = process.env;
	const suffix = process.platform === 'win32' ? '.exe' : '';
	const named = CHROME_PATH === undefined || CHROME_PATH === '' ? undefined : [CHROME_PATH];
	const onPath = PATH.split(delimiter).flatMap(folder => names.map(name => join(folder, name + suffix)));
	for (const path of named ?? [...onPath, ...elsewhere]) {
		if (await isExecutable(path)) {
			return path;
		}
	}

	return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
	try {
		await access(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** A browser does not shield itself from pages when root starts it, and refuses to run; ours loads its own pages only. */
export function sandboxOptions(): string[] {
	return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
