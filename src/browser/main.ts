import './jitless.ts';
import {explore} from './explore.ts';
import {serve} from './serve.ts';

// One script with two roles: the page's own, and that of the threads that it starts with its own text.
if (typeof document === 'undefined') {
	serve();
} else {
	explore(document.currentScript?.textContent ?? '');
}
