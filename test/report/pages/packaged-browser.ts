import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';

const builds = fileURLToPath(new URL('../../..', import.meta.url));

// Told that it runs in a bare container, the package also unpacks the shared libraries that a bare machine lacks.
const bare = {AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x'};

const unpack = "const {default: chromium} = await import('@sparticuz/chromium'); await chromium.executablePath();";

// It has no zygote, which a container may forbid, and does not print from the command line: that is asked of it by protocol.
const start = `#!/usr/bin/env node
const {spawn} = require('node:child_process');
const {join} = require('node:path');
const executablePath = join(__dirname, 'chromium');
const {LD_LIBRARY_PATH = ''} = process.env;
process.env.LD_LIBRARY_PATH = join(__dirname, 'al2023', 'lib') + ':' + LD_LIBRARY_PATH;
process.env.FONTCONFIG_PATH = join(__dirname, 'fonts');
const given = process.argv.slice(2);
const pdf = given.find(option => option.startsWith('--print-to-pdf='));
if (pdf === undefined) {
	const browser = spawn(executablePath, ['--no-zygote', ...given], {stdio: [0, 1, 2, 3, 4]});
	for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => browser.kill(signal));
	browser.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
} else {
	print(pdf.slice('--print-to-pdf='.length), given.at(-1));
}

async function print(path, url) {
	const browser = await require('playwright-core').chromium.launch({executablePath, args: ['--no-zygote', '--no-sandbox']});
	const page = await browser.newPage();
	await page.goto(url);
	await page.pdf({path, preferCSSPageSize: true, printBackground: true});
	await browser.close();
}
`;

/**
 * Fonts of the package alone, wherever it is unpacked: it looks for them below /tmp, and where there are none at all a page with
 * a text field crashes.
 */
function fontsConf(folder: string): string {
	return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

/**
 * Path of the Chromium that comes as a development dependency (Linux, x64), unpacked on first use; undefined elsewhere.
 * Processes that unpack it at the same time do not see each other's half: the folder is renamed when it is whole.
 */
export async function packagedBrowser(): Promise<string | undefined> {
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		return undefined;
	}

	const folder = join(builds, 'chromium');
	const path = join(folder, 'start.cjs');
	if (!existsSync(path)) {
		await mkdir(builds, {recursive: true});
		const scratch = await mkdtemp(join(builds, '.chromium-'));
		await execa(process.execPath, ['--input-type=module', '--eval', unpack], {
			cwd: builds,
			env: {...bare, TMPDIR: scratch},
		});
		await writeFile(join(scratch, 'start.cjs'), start, {mode: 0o755});
		await writeFile(join(scratch, 'fonts', 'fonts.conf'), fontsConf(folder));
		await rename(scratch, folder).catch(async () => rm(scratch, {recursive: true, force: true}));
	}

	return path;
}
