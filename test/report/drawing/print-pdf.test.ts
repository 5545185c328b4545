import {chmodSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {printPdf} from '../../../src/report/drawing/print-pdf.ts';

const refuses = test.macro({
	async exec(t, script: string, got: RegExp) {
		const folder = mkdtempSync(join(tmpdir(), 'replicast-test-'));
		const browser = join(folder, 'browser');
		writeFileSync(browser, script);
		chmodSync(browser, 0o755);
		const error = await t.throwsAsync(printPdf(browser, {page: 'page.html', pdf: join(folder, 'page.pdf')}), {
			name: 'UserError',
			message: got,
		});
		t.notRegex(error!.message, /\n/);
	},
	title: (title = '') => `a browser ${title} is one line`,
});

test('that fails', refuses, '#!/bin/sh\nexit 3\n', /Expected the browser \S+ to print, got exit status 3/);
test('that is killed', refuses, '#!/bin/sh\nkill -9 $$\n', /to print, got SIGKILL/);
test('that is no program', refuses, 'neither\0this', /to print, got \w+/);
test('that prints nothing', refuses, '#!/bin/sh\nexit 0\n', /to print page\.html as .*, got no PDF/);
