import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {refuseHandWritten} from '../../src/store/experiments/write-model.ts';
import {removeTemporaryFolders, temporaryFolder} from '../cli/run-command.ts';

test.after.always(removeTemporaryFolders);

test('a fitted file replaces neither what a person wrote nor a folder', async t => {
	const folder = await temporaryFolder();
	t.notThrows(() => refuseHandWritten(join(folder, 'absent.yaml')));
	await mkdir(join(folder, 'folder'));
	t.throws(() => refuseHandWritten(join(folder, 'folder')), {
		code: 'E_FILE',
		message: /folder is a folder, not a file$/,
	});
	await writeFile(join(folder, 'own.yaml'), 'kind: ServiceModel\n');
	t.throws(() => refuseHandWritten(join(folder, 'own.yaml')), {code: 'E_FILE', message: /--force replaces it/});
});
