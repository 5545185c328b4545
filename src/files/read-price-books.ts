import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../errors.ts';
import type {PriceBook} from '../experiment/experiment.ts';
import {PriceBookFile, priceBookOf} from '../experiment/price-book.ts';
import {packageRoot} from './package-root.ts';
import {readModel} from './read-model.ts';

/** Paths of the price books that come with the package. */
export function listShippedPriceBooks(): readonly string[] {
	const folder = join(packageRoot(), 'models');
	return readdirSync(folder)
		.filter(name => /^prices-.*\.yaml$/.test(name))
		.sort()
		.map(name => join(folder, name));
}

/**
 * The price books that files hold.
 *
 * @throws {UserError} with one line for each fault, `FILE:LINE:COLUMN: message`, or when two have one name
 */
export async function readPriceBooks(paths: readonly string[]): Promise<PriceBook[]> {
	const books: PriceBook[] = [];
	for (const path of paths) {
		const book = priceBookOf(await readModel(path, PriceBookFile, 'PriceBook'));
		if (books.some(({name}) => name === book.name)) {
			throw new UserError(
				'E_CONFIG',
				`${path}:1:1: Expected price books of different names, got two named ${book.name}`,
			);
		}

		books.push(book);
	}

	return books;
}
